using System.CommandLine;
using Bgp.Load;

return new RootCommand("Puts BGP daemons under load, checks every route that they send, and reports what it cost them.")
{
    RunCommand.Create(),
    ListCommand.Create(),
    ReportCommand.Create(),
    RelayCommand.Create(),
    KernelLoopCommand.Create(),
}.Parse(args).Invoke();
