namespace Bgp.Config;

/// <summary>A place in a file: line and column, both from 1. The default is "nowhere", for nodes that are to be printed.</summary>
internal readonly record struct Position(int Line, int Column);
