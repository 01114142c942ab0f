using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>Runs work on a thread that then ends, so that the network namespace it entered dies with it.</summary>
internal static class NamespaceThread
{
    // Held for the life of the process.
    private static readonly PosixSignalRegistration ChildSignals = SettleAtHome();

    /// <summary>Runs work and gives back its result, or throws what it threw.</summary>
    public static T Run<T>(Func<T> work)
    {
        GC.KeepAlive(ChildSignals);
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
#pragma warning disable CA1031 // Not swallowed: carried over to the caller's thread and thrown there.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>
    /// The runtime starts some threads when they are first needed, and keeps them: one for the signals of ending children, some that wait for sockets. Were
    /// that first need inside a namespace, they and the pool threads that they start would live there. So they are started now. (The runtime's compiler and collector may still make a thread inside: it touches no network, but the
    /// namespace outlives its name until that thread or this process ends.)
    /// </summary>
    private static PosixSignalRegistration SettleAtHome()
    {
#pragma warning disable CA1416 // Linux alone gets here.
        var registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => { });
#pragma warning restore CA1416
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"\0bgp-{Environment.ProcessId}-{Guid.NewGuid():N}"));
        using var cancel = new CancellationTokenSource();
        var waiting = socket.ReceiveAsync(new byte[1], SocketFlags.None, cancel.Token).AsTask();
        cancel.Cancel();
        ((IAsyncResult)waiting).AsyncWaitHandle.WaitOne();
        return registration;
    }
}
