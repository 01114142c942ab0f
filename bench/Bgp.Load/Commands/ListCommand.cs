using System.CommandLine;

namespace Bgp.Load;

/// <summary><c>list</c>: the scenarios' names, and what they are.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Name the scenarios.");
        command.SetAction(_ =>
        {
            foreach (var scenario in ScenarioList.All)
            {
                Console.WriteLine($"{scenario.Name}\t{scenario.Title}");
            }
        });
        return command;
    }
}
