namespace Bgp.Linux;

/// <summary>How the kernel delivers signals to this process.</summary>
public static class SignalDisposition
{
    private const nint Default = 0;
    private const nint Error = -1;

    /// <summary>
    /// Has a signal do what it does by default, also where our parent made us ignore it. Call it before the base library handles the signal
    /// (<see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>), which leaves an ignored one ignored.
    /// </summary>
    /// <exception cref="LinuxException">The signal's default cannot be changed.</exception>
    public static void RestoreDefault(UnixSignal signal)
    {
        if (Libc.Signal((int)signal, Default) == Error)
        {
            throw new LinuxException($"restore the default of {signal}", Libc.LastError);
        }
    }
}
