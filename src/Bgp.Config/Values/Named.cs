namespace Bgp.Config;

/// <summary>An entry of a map whose keys the user gives.</summary>
public readonly record struct Named<T>(string Name, T Value);
