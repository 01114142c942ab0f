namespace Bgp.Linux;

/// <summary>Signals by their Linux numbers.</summary>
public enum UnixSignal
{
    /// <summary>None: only asks whether the process is there.</summary>
    None = 0,

    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    User1 = 10,
    User2 = 12,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
