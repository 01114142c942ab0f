namespace Bgp.Interop.Tests;

/// <summary>The routes of a program that takes them one by one: compares what is wanted with what it has, so that a route that stays is not touched.</summary>
internal sealed class Originated
{
    private Dictionary<string, string> _commands = [];
    private Dictionary<string, Route> _routes = [];

    /// <summary>Returns what has to go and what has to come; a changed route is in both.</summary>
    /// <param name="routes">All that is wanted.</param>
    /// <param name="command">The text that gives a route to the program: equal texts are equal routes.</param>
    public (IReadOnlyList<Route> Gone, IReadOnlyList<Route> Come) Replace(IReadOnlyList<Route> routes, Func<Route, string> command)
    {
        var wanted = routes.ToDictionary(route => route.Prefix, command);
        var gone = _routes.Values.Where(route => wanted.GetValueOrDefault(route.Prefix) != _commands[route.Prefix]).ToList();
        var come = routes.Where(route => wanted[route.Prefix] != _commands.GetValueOrDefault(route.Prefix)).ToList();
        (_commands, _routes) = (wanted, routes.ToDictionary(route => route.Prefix));
        return (gone, come);
    }
}
