using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>Runs a command inside a router or a pod of a running lab, with our own standard input and outputs; in a router <c>BGP_SOCKET</c> is the control socket of its daemon.</summary>
internal static class LabExec
{
    /// <summary>The shell's exit code for a command that is not there.</summary>
    private const int CommandNotFound = 127;

    /// <summary>Runs it and returns its exit code.</summary>
    /// <param name="member">The router or pod.</param>
    /// <param name="owner">The number of the lab's process, or <c>null</c> where only one runs.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <exception cref="LabException">There is no such lab or member.</exception>
    public static int Run(string member, int? owner, IReadOnlyList<string> command)
    {
        var lab = Find(owner);
        if (!lab.Members().Contains(member))
        {
            throw new LabException($"{lab} has no '{member}'; it has: {string.Join(", ", lab.Members().Where(name => name != LabNetwork.SegmentsMember))}");
        }

        // Ctrl-C reaches the command by itself, which decides what to do about it.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);
        try
        {
            using var space = NetworkNamespace.Open(lab.NamespaceOf(member));
            var start = new ProcessStartInfo(command[0], command.Skip(1));
            if (File.Exists(lab.FileOf(member)))
            {
                // So that `bgp show …` inside asks the daemon of this router.
                start.Environment[SocketOption.Variable] = lab.SocketOf(member);
            }

            using var process = space.StartProcess(start);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                if (ProcessIdentity.TryRead(process.Id, out var identity))
                {
                    identity.Signal(UnixSignal.Terminate);
                }
            });
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception failure)
        {
            Console.Error.WriteLine($"bgp lab exec: {command[0]}: {failure.Message}");
            return CommandNotFound;
        }
        catch (LinuxException failure)
        {
            throw new LabException(failure.Message, failure);
        }
    }

    private static LabName Find(int? owner)
    {
        var running = LabName.FindAll().Where(lab => lab.IsAlive && (owner is null || lab.Owner.Id == owner)).ToArray();
        return running.Length switch
        {
            1 => running[0],
            0 => throw new LabException(owner is null ? "no lab is running: start one with `bgp lab`" : $"process {owner} runs no lab"),
            _ => throw new LabException(string.Create(
                CultureInfo.InvariantCulture,
                $"{running.Length} labs are running: choose one by --lab and the number of its process ({string.Join(", ", running.Select(lab => lab.Owner.Id))})")),
        };
    }
}
