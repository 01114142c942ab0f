using System.CommandLine;

namespace Bgp.Load;

/// <summary><c>netlink-loop</c>: the floor of the FIB scenarios, in a process of its own.</summary>
internal static class KernelLoopCommand
{
    public static Command Create()
    {
        var prefixes = new Option<int>("--prefixes") { Description = "How many routes", Required = true };
        var link = new Option<int>("--link") { Description = "The index of the device", Required = true };
        var command = new Command("netlink-loop", "Write routes into the kernel when a neighbor announces, and remove them when it withdraws.") { prefixes, link };
        command.SetAction(parsed => new KernelLoop(PrefixSpace.Table(parsed.GetValue(prefixes)), LoadAddresses.Client(0), parsed.GetValue(link)).Run());
        return command;
    }
}
