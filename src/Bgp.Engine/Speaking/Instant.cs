using System.Globalization;

namespace Bgp.Engine;

/// <summary>A point in time in microseconds since an origin that the host chose; monotonic, never the wall clock.</summary>
public readonly record struct Instant(long Microseconds) : IComparable<Instant>
{
    public static readonly Instant Zero = new(0);

    public int CompareTo(Instant other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>The earlier of two deadlines, where <c>null</c> is "never".</summary>
    public static Instant? Earlier(Instant? left, Instant? right) =>
        left is null ? right : right is null || left.Value <= right.Value ? left : right;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Microseconds / 1e6:0.000000}s");

    public static Instant operator +(Instant instant, TimeSpan span) => new(instant.Microseconds + (span.Ticks / TimeSpan.TicksPerMicrosecond));
    public static TimeSpan operator -(Instant left, Instant right) => new((left.Microseconds - right.Microseconds) * TimeSpan.TicksPerMicrosecond);
    public static bool operator <(Instant left, Instant right) => left.Microseconds < right.Microseconds;
    public static bool operator >(Instant left, Instant right) => left.Microseconds > right.Microseconds;
    public static bool operator <=(Instant left, Instant right) => left.Microseconds <= right.Microseconds;
    public static bool operator >=(Instant left, Instant right) => left.Microseconds >= right.Microseconds;
}
