using System.CommandLine;
using Bgp.Config;

namespace Bgp.Daemon;

/// <summary><c>bgp check FILE…</c>: silent when all is well, else a line a fault.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Router files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("check", "Validate router files: silent when they are right, else a line for each fault.\n\nExample: bgp check router.yaml") { files };
        command.SetAction(parsed =>
        {
            var exitCode = ExitCodes.Done;
            foreach (var fault in parsed.GetRequiredValue(files).SelectMany(file => RouterConfigFile.Load(file).Faults))
            {
                parsed.InvocationConfiguration.Error.WriteLine(fault);
                exitCode = ExitCodes.Wrong;
            }

            return exitCode;
        });
        return command;
    }
}
