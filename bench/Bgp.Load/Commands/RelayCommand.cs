using System.CommandLine;

namespace Bgp.Load;

/// <summary><c>relay</c>: the floor, in a process of its own.</summary>
internal static class RelayCommand
{
    public static Command Create()
    {
        var silent = new Option<int[]>("--silent") { Description = "The number of a client that is told nothing" };
        var command = new Command("relay", "Hand every UPDATE on to all other neighbors, without a look at it.") { silent };
        command.SetAction(parsed => new Relay((parsed.GetValue(silent) ?? []).ToHashSet()).Run());
        return command;
    }
}
