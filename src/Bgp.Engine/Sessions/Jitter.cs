namespace Bgp.Engine;

/// <summary>
/// Shortens timers by chance (RFC 4271 §10): each time to 75 % to 100 % of its value. The numbers are SplitMix64's, a function of the seed
/// alone.
/// </summary>
internal sealed class Jitter(ulong seed)
{
    private const double Least = 0.75;

    private ulong _state = seed;

    public TimeSpan Apply(TimeSpan span)
    {
        var fraction = (Next() >> 11) * (1.0 / (1UL << 53));
        return new TimeSpan((long)(span.Ticks * (Least + ((1 - Least) * fraction))));
    }

    private ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
}
