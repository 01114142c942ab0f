using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Runs policy programs over routes.
/// <para>
/// In: a program, a prefix, an interned attribute set, where the route came from. Out: whether the route passes, and the set that it then has. Called by the RIB: on import for each route, on
/// export for each route and group.
/// </para>
/// <para>
/// What does not depend on the prefix is worked out once: which rules hold for a set (<see cref="OutcomeCache"/>) and what a rule makes of it (<see cref="ChangeCache"/>). So a route costs a walk
/// over the rules, and attributes are looked at once a set, not once a route.
/// </para>
/// </summary>
internal sealed class PolicyEvaluator(RibContext context) : IDisposable
{
    /// <summary>Stand for changes that are no rule of a program.</summary>
    private const int OfGracefulShutdown = -1;
    private const int OfLocalAsn = -2;
    private const int OfRole = -3;
    private const int OfInterface = -4;

    /// <summary>RFC 8326 §4.2: whoever is about to go down is the last choice.</summary>
    private static readonly RouteChanges GracefulShutdown = new() { LocalPref = 0 };

    private readonly OutcomeCache _outcomes = new();
    private readonly ChangeCache _changes = new(context.Attributes);

    // Its buffers are half a megabyte, and most speakers change no route.
    private RouteEditor? _editor;

    /// <summary>
    /// Whether a route passes a program, and with which attributes. <paramref name="result"/> is not counted as used: it is good until the next call.
    /// </summary>
    public bool TryApply(PolicyProgram program, in IpPrefix prefix, uint attributes, PeerSlot source, out uint result)
    {
        result = attributes;
        if (program.Shape != PolicyShape.ByRoute)
        {
            return program.Shape == PolicyShape.AcceptsAll;
        }

        var outcomes = Outcomes(program, attributes, source);
        for (var at = 0; at < program.Rules.Length;)
        {
            var rule = program.Rules[at];
            if (!Holds(rule, at, outcomes, result, source) || !rule.MatchesPrefix(prefix))
            {
                at++;
                continue;
            }

            if (rule.Action == PolicyAction.Reject)
            {
                return false;
            }

            if (rule.Changes is { } changes)
            {
                result = Change(program.Id, at, changes, program.IsImport, result);
                if (result == 0)
                {
                    return false;
                }

                outcomes = rule.Action == PolicyAction.Accept ? outcomes : Outcomes(program, result, source);
            }

            if (rule.Action == PolicyAction.Accept)
            {
                return true;
            }

            at = rule.Action == PolicyAction.Next ? rule.NextPolicy : at + 1;
        }

        return false;
    }

    /// <summary>
    /// As <see cref="TryApply"/>; before it comes what the session's local AS number and role ask for, after it what a neighbor's GRACEFUL_SHUTDOWN does (RFC 8326 §4.2), so that no policy
    /// forgets it.
    /// </summary>
    public bool TryImport(PolicyProgram program, in IpPrefix prefix, uint attributes, PeerSlot source, out uint result)
    {
        if (program.Shape != PolicyShape.RejectsAll)
        {
            attributes = Receive(attributes, source);
        }

        if (attributes == 0)
        {
            result = 0;
            return false;
        }

        if (!TryApply(program, prefix, attributes, source, out result))
        {
            return false;
        }

        ref readonly var set = ref context.Attributes[result];
        if (source.Source == RouteSource.External && (set.Flags & AttributeSetFlags.GracefulShutdown) != 0 && set is not { LocalPref: 0, HasLocalPref: true })
        {
            result = Change(OfGracefulShutdown, 0, GracefulShutdown, true, result);
        }

        return result != 0;
    }

    /// <summary>What the session's own settings make of a set before any policy; 0 where it would grow too long.</summary>
    private uint Receive(uint attributes, PeerSlot source)
    {
        if (source.ImportPrepend is { } asn)
        {
            attributes = Change(OfLocalAsn, (int)asn.Value, source.Prepending, true, attributes);
        }

        if (attributes != 0
            && source.Role is { } role && Roles.MarksOnImport(role)
            && (context.Attributes[attributes].Flags & AttributeSetFlags.OnlyToCustomer) == 0)
        {
            var mark = source.Session!.RemoteAsn;
            attributes = Change(OfRole, (int)mark.Value, source.Marking, true, attributes);
        }

        if (attributes != 0 && source.InterfaceIndex != 0 && NeedsInterface(attributes))
        {
            attributes = Change(OfInterface, source.InterfaceIndex, source.Placing, true, attributes);
        }

        return attributes;
    }

    /// <summary>Whether the next hop is a link-local address alone, which means nothing without its interface.</summary>
    private bool NeedsInterface(uint attributes)
    {
        var nextHop = context.Attributes[attributes].NextHop;
        return nextHop >= 0 && context.NextHops[nextHop] is { Address: { IsV6: true, IsLinkLocal: true }, InterfaceHint: 0 };
    }

    /// <summary>The set that the changes make of another one, with a reference; 0 where it would grow too long.</summary>
    public uint Edit(uint attributes, RouteChanges changes, bool isImport)
    {
        _editor ??= new RouteEditor();
        var length = _editor.Write(context.Attributes.View(attributes), changes, isImport, context.Scratch);
        return length < 0 ? 0 : context.Attributes.Intern(context.Scratch[..length]);
    }

    /// <summary>Forgets what the configuration may have changed.</summary>
    public void Reset() => _outcomes.Clear();

    public void Dispose() => _changes.Dispose();

    private bool Holds(CompiledRule rule, int at, ulong outcomes, uint attributes, PeerSlot source)
    {
        if (rule.Test is not { } test)
        {
            return true;
        }

        return at < PolicyProgram.RememberedRules
            ? (outcomes & (1UL << at)) != 0
            : test.Holds(context.Attributes.View(attributes), source, context.Config.DefaultLocalPref, context.NextHops.Kernel);
    }

    /// <summary>A bit for each of the first rules: whether its test of attributes and source holds.</summary>
    private ulong Outcomes(PolicyProgram program, uint attributes, PeerSlot source)
    {
        if (!program.LooksAtRoute)
        {
            return ulong.MaxValue;
        }

        // Slots are given out again; the epoch tells the source of now from that of then.
        var key = new OutcomeKey(
            program.Id, attributes, context.Attributes[attributes].Serial, program.LooksAtSource ? source.Number : 0, program.LooksAtSource ? context.ExportEpoch : 0);
        if (_outcomes.TryGet(key, out var outcomes))
        {
            return outcomes;
        }

        var view = context.Attributes.View(attributes);
        var count = Math.Min(program.Rules.Length, PolicyProgram.RememberedRules);
        for (var at = 0; at < count; at++)
        {
            if (program.Rules[at].Test is { } test && test.Holds(view, source, context.Config.DefaultLocalPref, context.NextHops.Kernel))
            {
                outcomes |= 1UL << at;
            }
        }

        _outcomes.Add(key, outcomes);
        return outcomes;
    }

    private uint Change(int program, int rule, RouteChanges changes, bool isImport, uint attributes)
    {
        var key = new ChangeKey(program, rule, attributes, context.Attributes[attributes].Serial);
        if (!_changes.TryGet(key, out var changed))
        {
            changed = Edit(attributes, changes, isImport);
            _changes.Add(key, changed);
        }

        return changed;
    }
}
