using System.Globalization;
using Spectre.Console;

namespace Bgp.Daemon;

/// <summary>Where a lab shows what it does: a table that changes in place on a terminal, a line for each change elsewhere.</summary>
internal abstract class LabScreen(TextWriter output)
{
    public static LabScreen Create() => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new LineScreen(Console.Out) : new TerminalScreen(Console.Out);

    public void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    /// <summary>Runs a watch, which hands over every reading.</summary>
    public abstract Task WatchAsync(Func<Action<IReadOnlyList<LabRouterStatus>>, Task> watch);

    private sealed class LineScreen(TextWriter output) : LabScreen(output)
    {
        private readonly Dictionary<string, (int Established, int Routes)> _shown = [];

        public override Task WatchAsync(Func<Action<IReadOnlyList<LabRouterStatus>>, Task> watch) => watch(Show);

        private void Show(IReadOnlyList<LabRouterStatus> routers)
        {
            foreach (var router in routers)
            {
                var state = (router.Established, router.Routes);
                if (!_shown.TryGetValue(router.Router, out var before) || before != state)
                {
                    _shown[router.Router] = state;
                    Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{router.Router}: {router.Established} of {router.Sessions} sessions established, {router.RoutesInKernel} routes in the kernel"));
                }
            }
        }
    }

    private sealed class TerminalScreen(TextWriter output) : LabScreen(output)
    {
        public override Task WatchAsync(Func<Action<IReadOnlyList<LabRouterStatus>>, Task> watch) =>
            AnsiConsole.Live(Render([])).StartAsync(live => watch(routers =>
            {
                live.UpdateTarget(Render(routers));
                live.Refresh();
            }));

        private static Table Render(IReadOnlyList<LabRouterStatus> routers)
        {
            var table = new Table().Border(TableBorder.Rounded);
            table.AddColumns("router", "sessions established", "routes in the kernel");
            foreach (var router in routers)
            {
                table.AddRow(
                    new Text(router.Router),
                    Progress(string.Create(CultureInfo.InvariantCulture, $"{router.Established} of {router.Sessions}"), router.Established == router.Sessions),
                    Progress(router.RoutesInKernel, router.Routes == router.ExpectedRoutes));
            }

            return table;
        }

        private static Text Progress(string text, bool isDone) => new(text, new Style(isDone ? Color.Green : Color.Yellow));
    }
}
