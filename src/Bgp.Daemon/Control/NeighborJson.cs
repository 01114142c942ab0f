using System.Collections.Immutable;
using System.Text.Json;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>A neighbor as <c>bgp show neighbors -o json</c> prints it. Fields may be added, never changed.</summary>
internal static class NeighborJson
{
    /// <param name="json">Where to.</param>
    /// <param name="peer">The session.</param>
    /// <param name="speaker">The router.</param>
    /// <param name="counts">Its routes by family; <c>null</c> where the route lane has not told.</param>
    /// <param name="updates">UPDATEs received and sent.</param>
    /// <param name="now">The present.</param>
    public static void Write(Utf8JsonWriter json, PeerStatus peer, SpeakerConfig speaker, IReadOnlyList<PeerRouteCounts>? counts, (long Received, long Sent) updates, Instant now)
    {
        var config = peer.Config;
        json.WriteStartObject();
        json.WriteString("address"u8, config.Key.ToString());
        json.WriteNumber("port"u8, config.Key.Port);
        json.WriteString("interface"u8, config.Interface);
        WriteAsn(json, peer);
        json.WriteNumber("localAsn"u8, config.LocalAsn.Value);
        json.WriteString("sessionType"u8, config.Type switch
        {
            SessionType.External => "ebgp",
            SessionType.Confederation => "confederation",
            _ => "ibgp",
        });
        json.WriteString("name"u8, config.Name);
        json.WriteString("description"u8, config.Description);
        json.WriteString("group"u8, config.Group);
        json.WriteBoolean("dynamic"u8, config.IsDynamic);
        json.WriteString("state"u8, peer.State.ToString());
        json.WriteBoolean("adminDown"u8, peer.AdminDown);
        WriteAge(json, "uptimeSeconds"u8, peer.State == SessionState.Established ? peer.Since : null, now);
        WriteAge(json, "stateSeconds"u8, peer.Since, now);
        WriteFamilies(json, peer, counts);
        json.WriteStartArray("capabilities"u8);
        foreach (var capability in peer.Capabilities)
        {
            json.WriteStringValue(capability);
        }

        json.WriteEndArray();
        json.WriteString("routerId"u8, peer.Session?.RemoteRouterId.ToString());
        json.WriteString("localAddress"u8, peer.Session?.Ends.Local.ToString());
        json.WriteNumber("holdTime"u8, (peer.Session?.HoldTime ?? config.HoldTime).TotalSeconds);
        WriteSeconds(json, "keepalive"u8, peer.Session?.Keepalive ?? config.Keepalive);
        WriteSeconds(json, "connectRetry"u8, config.ConnectRetry);
        json.WriteString("clusterId"u8, ClusterOf(config, speaker)?.ToString());
        json.WriteString("lastError"u8, peer.LastDown?.ToString());
        WriteAge(json, "lastErrorSeconds"u8, peer.LastDownAt, now);
        json.WriteNumber("flaps"u8, peer.Flaps);
        json.WriteStartObject("messages"u8);
        json.WriteNumber("received"u8, peer.MessagesReceived + updates.Received);
        json.WriteNumber("sent"u8, peer.MessagesSent + updates.Sent);
        json.WriteEndObject();
        json.WriteStartObject("updates"u8);
        json.WriteNumber("received"u8, updates.Received);
        json.WriteNumber("sent"u8, updates.Sent);
        json.WriteEndObject();
        json.WriteBoolean("md5"u8, config.Password is not null);
        json.WriteNull("bfd"u8);
        json.WriteEndObject();
    }

    /// <summary>The cluster in which the neighbor is our client; <c>null</c> where it is none.</summary>
    private static RouterId? ClusterOf(NeighborConfig config, SpeakerConfig speaker) =>
        config is { RouteReflectorClient: true, Type: SessionType.Internal } ? config.ClusterId ?? speaker.ClusterId : null;

    private static void WriteAge(Utf8JsonWriter json, ReadOnlySpan<byte> name, Instant? since, Instant now)
    {
        if (since is { } then)
        {
            json.WriteNumber(name, Math.Max(0, (now.Microseconds - then.Microseconds) / 1_000_000));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteSeconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } given)
        {
            json.WriteNumber(name, given.TotalSeconds);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WritePolicies(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<PolicyConfig> policies)
    {
        json.WriteStartArray(name);
        foreach (var policy in policies)
        {
            json.WriteStringValue(policy.Name);
        }

        json.WriteEndArray();
    }

    /// <summary>The neighbor's AS number: where the configuration takes any, that of the session, else <c>null</c>.</summary>
    private static void WriteAsn(Utf8JsonWriter json, PeerStatus peer)
    {
        var asn = peer.Config.RemoteAsn == NeighborConfig.AnyExternal ? peer.Session?.RemoteAsn : peer.Config.RemoteAsn;
        if (asn is { } number)
        {
            json.WriteNumber("asn"u8, number.Value);
        }
        else
        {
            json.WriteNull("asn"u8);
        }
    }

    private static void WriteFamilies(Utf8JsonWriter json, PeerStatus peer, IReadOnlyList<PeerRouteCounts>? counts)
    {
        json.WriteStartArray("families"u8);
        foreach (var family in peer.Session is { } session ? session.Families.ToArray() : peer.Config.Families.Select(family => family.Family))
        {
            var count = counts?.FirstOrDefault(count => count.Family == family) ?? default;
            json.WriteStartObject();
            json.WriteString("family"u8, family.ToString());
            WriteCount(json, "received"u8, counts, count.Received);
            WriteCount(json, "accepted"u8, counts, count.Accepted);
            WriteCount(json, "advertised"u8, counts, count.Advertised);
            json.WriteString("addPaths"u8, AddPaths(peer.Session, family));
            var settings = peer.Config.FamilyOf(family);
            WritePolicies(json, "importPolicy"u8, settings?.ImportPolicy ?? []);
            WritePolicies(json, "exportPolicy"u8, settings?.ExportPolicy ?? []);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<PeerRouteCounts>? counts, int count)
    {
        if (counts is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, count);
        }
    }

    private static string? AddPaths(NegotiatedSession? session, AddressFamily family) =>
        (session?.Receive.AddPath(family), session?.Send.AddPath(family)) switch
        {
            (true, true) => "both",
            (true, _) => "receive",
            (_, true) => "send",
            _ => null,
        };
}
