using System.Globalization;
using System.Text;

using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>Every value of a message as one line, so that a fixture states them all.</summary>
internal static class MessageText
{
    public static string Describe(ReadOnlySpan<byte> message, CodecProfile profile)
    {
        if (!MessageHeader.TryRead(message, profile.MaxMessageLength, out var type, out var length, out var error))
        {
            return $"malformed: {error} [{Hex(error.Data.Span)}]";
        }

        var body = message[BgpConstants.HeaderLength..length];
        return type switch
        {
            MessageType.Open => OpenMessage.TryParse(body, out var open, out error) ? Describe(open) : $"malformed: {error} [{Hex(error.Data.Span)}]",
            MessageType.Notification => NotificationMessage.TryParse(body, out var notification, out error) ? Describe(notification) : $"malformed: {error}",
            MessageType.RouteRefresh => RouteRefreshMessage.TryParse(body, out var refresh, out error)
                ? $"refresh {refresh.Family} {refresh.Subtype}"
                : $"malformed: {error} [{Hex(error.Data.Span)}]",
            MessageType.Keepalive => "keepalive",
            _ => DescribeUpdate(body, profile),
        };
    }

    public static string Describe(OpenMessage open)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"open asn={open.Asn} hold={open.HoldTime} id={open.RouterId}");
        var set = open.Capabilities;
        text.Append(CultureInfo.InvariantCulture, $" families={string.Join(',', set.Families)}");
        text.Append(set.RouteRefresh ? " refresh" : "").Append(set.EnhancedRouteRefresh ? " enhanced-refresh" : "");
        text.Append(set.ExtendedMessages ? " extended-messages" : "").Append(set.FourOctetAs is { } asn ? $" as4={asn}" : "");
        AppendList(text, "add-path", set.AddPath.Select(static entry => $"{entry.Family}/{entry.Mode}"));
        AppendList(text, "extended-next-hop", set.ExtendedNextHop.Select(static entry => $"{entry.Family}/{entry.NextHop}"));
        if (set.GracefulRestart is { } restart)
        {
            text.Append(CultureInfo.InvariantCulture, $" restart={restart.RestartTime.TotalSeconds}s");
            text.Append(restart.RestartState ? "/R" : "").Append(restart.NotificationBit ? "/N" : "");
            AppendList(text, "restart-families", restart.Families.Select(static entry => $"{entry.Family}{(entry.ForwardingState ? "/F" : "")}"));
        }

        if (set.LongLived is { } longLived)
        {
            text.Append(" long-lived=").AppendJoin(',', longLived.Select(
                static entry => $"{entry.Family}/{entry.StaleTime.TotalSeconds}s{(entry.ForwardingState ? "/F" : "")}"));
        }

        text.Append(set.Fqdn is { } name ? $" fqdn={name.Host}.{name.Domain}" : "").Append(set.Role is { } role ? $" role={role}" : "");
        AppendList(text, "unknown", set.Unknown.Select(static entry => $"{(byte)entry.Code}/{Hex(entry.Value.Span)}"));
        return text.ToString();
    }

    public static string Describe(NotificationMessage notification)
    {
        var shutdown = notification.ShutdownText is { } text ? $" \"{text}\"" : "";
        return $"notification {notification.Error} [{Hex(notification.Error.Data.Span)}]{shutdown}";
    }

    public static string DescribeUpdate(ReadOnlySpan<byte> body, CodecProfile profile)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(body, profile, ref update);
        if (update.Action != UpdateErrorAction.None)
        {
            return $"{update.Action}: {update.Error} ({update.FaultyAttribute})";
        }

        if (update.IsEndOfRib(out var family))
        {
            return $"end-of-rib {family}";
        }

        List<string> parts = [];
        AppendPrefixes(parts, "withdraw", update.Withdrawn, AddressFamily.Ipv4Unicast, profile);
        AppendPrefixes(parts, "withdraw", update.UnreachNlri, update.UnreachFamily, profile);
        if (AppendPrefixes(parts, "announce", update.Announced, AddressFamily.Ipv4Unicast, profile))
        {
            parts.Add(DescribeSet(update.AttributeBytes, profile, false, default));
        }

        if (AppendPrefixes(parts, "announce", update.ReachNlri, update.ReachFamily, profile))
        {
            parts.Add(DescribeSet(update.AttributeBytes, profile, true, update.ReachNextHop));
        }

        return string.Join(' ', parts);
    }

    public static string DescribeAttributes(ReadOnlySpan<byte> canonical)
    {
        var attributes = new PathAttributes(canonical);
        var text = new StringBuilder();
        foreach (var attribute in attributes)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(Describe(attribute, attributes));
        }

        return text.ToString();
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string DescribeSet(ReadOnlySpan<byte> section, CodecProfile profile, bool useMpNextHop, ReadOnlySpan<byte> nextHop)
    {
        var canonical = new byte[BgpConstants.MaxCanonicalLength];
        var action = UpdateDecoder.Canonicalize(section, profile, useMpNextHop, nextHop, canonical, out var written, out var error, out var faulty);
        var prefix = action == UpdateErrorAction.None ? "" : $"{action}: {error} ({faulty}) ";
        return prefix + DescribeAttributes(canonical.AsSpan(0, written));
    }

    private static string Describe(PathAttribute attribute, PathAttributes all)
    {
        switch (attribute.Type)
        {
            case AttributeType.Origin:
                return $"origin={all.Origin}";
            case AttributeType.AsPath:
                return $"path=[{all.AsPath.ToString()}]";
            case AttributeType.NextHop:
                return all.LinkLocalNextHop.IsNone ? $"next-hop={all.NextHop}" : $"next-hop={all.NextHop}+{all.LinkLocalNextHop}";
            case AttributeType.MultiExitDisc:
                return $"med={all.Med}";
            case AttributeType.LocalPref:
                return $"local-pref={all.LocalPref}";
            case AttributeType.AtomicAggregate:
                return "atomic-aggregate";
            case AttributeType.Aggregator:
                return $"aggregator={all.Aggregator?.Asn}@{all.Aggregator?.Address}";
            case AttributeType.OriginatorId:
                return $"originator={all.OriginatorId}";
            case AttributeType.OnlyToCustomer:
                return $"otc={all.OnlyToCustomer}";
            case AttributeType.Communities:
                var communities = all.Communities;
                return "communities=" + Join(communities.Count, communities, static (view, i) => view[i].ToString());
            case AttributeType.ExtendedCommunities:
                var extended = all.ExtendedCommunities;
                return "extended=" + Join(extended.Count, extended, static (view, i) => view[i].ToString());
            case AttributeType.LargeCommunities:
                var large = all.LargeCommunities;
                return "large=" + Join(large.Count, large, static (view, i) => view[i].ToString());
            case AttributeType.ClusterList:
                var clusters = all.ClusterList;
                return "clusters=" + Join(clusters.Count, clusters, static (view, i) => view[i].ToString());
            default:
                return $"attribute-{(byte)attribute.Type}={(byte)attribute.Flags:x2}:{Hex(attribute.Value)}";
        }
    }

    private static string Join<TView>(int count, TView view, Func<TView, int, string> member)
        where TView : allows ref struct
    {
        var parts = new string[count];
        for (var i = 0; i < count; i++)
        {
            parts[i] = member(view, i);
        }

        return string.Join(',', parts);
    }

    private static bool AppendPrefixes(List<string> parts, string verb, ReadOnlySpan<byte> nlri, AddressFamily family, CodecProfile profile)
    {
        if (nlri.IsEmpty)
        {
            return false;
        }

        List<string> prefixes = [];
        var reader = new NlriReader(nlri, family, profile.AddPath(family));
        while (reader.TryRead(out var prefix, out var pathId))
        {
            prefixes.Add(profile.AddPath(family) ? $"{prefix}#{pathId}" : $"{prefix}");
        }

        parts.Add($"{verb} {string.Join(',', prefixes)}{(reader.IsMalformed ? " malformed" : "")}");
        return true;
    }

    private static void AppendList(StringBuilder text, string name, IEnumerable<string> members)
    {
        var joined = string.Join(',', members);
        if (joined.Length != 0)
        {
            text.Append(' ').Append(name).Append('=').Append(joined);
        }
    }
}
