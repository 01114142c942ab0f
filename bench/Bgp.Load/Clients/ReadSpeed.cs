namespace Bgp.Load;

/// <summary>How a client reads.</summary>
internal enum ReadSpeed
{
    Full,

    /// <summary>10 KB a second.</summary>
    Slow,

    /// <summary>Not at all, once its session is up.</summary>
    Stalled,
}
