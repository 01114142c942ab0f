namespace Bgp.Fuzzing;

/// <summary>Every target: one a message type, one an attribute, one a capability, and the framer.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new HeaderTarget(),
        new FramerTarget(),
        new OpenTarget(),
        new UpdateTarget(),
        new NotificationTarget(),
        new RefreshTarget(),
        .. AttributeTarget.All,
        .. CapabilityTarget.All,
    ];

    /// <summary>The share of a run over all targets that one gets, in parts of <see cref="TotalWeight"/>: UPDATEs have the most ways to go.</summary>
    public static ulong Weight(FuzzTarget target) => target switch
    {
        UpdateTarget => 40,
        OpenTarget => 10,
        FramerTarget => 1, // an input is some 300 decodings
        _ => 4,
    };

    public static ulong TotalWeight { get; } = All.Aggregate(0UL, static (sum, target) => sum + Weight(target));
}
