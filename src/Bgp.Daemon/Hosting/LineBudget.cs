namespace Bgp.Daemon;

/// <summary>How many events of one kind the log tells one by one, where somebody else can cause as many as he likes: he must not fill the disk. One thread's.</summary>
internal sealed class LineBudget(TimeProvider time)
{
    /// <summary>Lines in a <see cref="Window"/>.</summary>
    public const int Lines = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private long _since = time.GetTimestamp();
    private long _count;

    /// <summary>One more event.</summary>
    /// <param name="withheld">How many of a window that is over were not told; 0 while it lasts.</param>
    public LineVerdict Take(out long withheld)
    {
        withheld = 0;
        if (time.GetElapsedTime(_since) >= Window)
        {
            withheld = Math.Max(0, _count - Lines);
            (_since, _count) = (time.GetTimestamp(), 0);
        }

        _count++;
        return _count <= Lines ? LineVerdict.Tell : _count == Lines + 1 ? LineVerdict.FirstWithheld : LineVerdict.Withhold;
    }
}

/// <summary>What becomes of an event in the log.</summary>
internal enum LineVerdict
{
    Tell,
    FirstWithheld,
    Withhold,
}
