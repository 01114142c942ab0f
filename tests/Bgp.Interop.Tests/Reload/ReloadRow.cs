namespace Bgp.Interop.Tests;

/// <summary>One reload: what changes in the router file, and which of the peers notice in which way. All others must not.</summary>
internal sealed record ReloadRow(string What, Func<RouterText, RouterText> Change)
{
    /// <summary>Addresses whose session comes up.</summary>
    public string[] Up { get; init; } = [];

    /// <summary>Addresses whose session is ended and comes up again.</summary>
    public string[] Reset { get; init; } = [];

    /// <summary>Addresses whose session is ended and stays down.</summary>
    public string[] Gone { get; init; } = [];

    /// <summary>Addresses that are told something of routes while the session stays.</summary>
    public string[] Told { get; init; } = [];

    public override string ToString() => What;
}
