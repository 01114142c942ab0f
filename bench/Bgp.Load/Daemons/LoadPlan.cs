namespace Bgp.Load;

/// <summary>Everything that a daemon's configuration and the clients need to know of a run.</summary>
internal sealed record LoadPlan
{
    public const uint DaemonAsn = 64512;

    public required IReadOnlyList<ClientPlan> Clients { get; init; }

    public required Expectation Expectation { get; init; }

    /// <summary>Whether the export to clients goes through the policy of <see cref="ExportRules"/>.</summary>
    public bool HasExportPolicy { get; init; }

    /// <summary>Whether routes go into the kernel.</summary>
    public bool InstallsRoutes { get; init; }

    /// <summary>RFC 9687; null leaves it at the default.</summary>
    public int? SendHoldSeconds { get; init; }

    /// <summary>The largest send buffer of the daemon's sockets where it is bounded, so that a client that does not read is felt; null leaves it to the kernel.</summary>
    public int? SendBufferLimit { get; init; }

    /// <summary>What the daemon does to what this client receives.</summary>
    public static SessionView ViewOf(ClientPlan client) => client.Asn != DaemonAsn ? SessionView.External
        : client.IsReflectorClient ? SessionView.Reflected
        : SessionView.Internal;
}
