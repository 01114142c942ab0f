using System.Collections.Immutable;
using System.Text.Json;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>A path as <c>bgp show routes -o json</c> prints it: a missing attribute is <c>null</c>. Fields may be added, never changed.</summary>
internal static class RouteJson
{
    /// <param name="json">Where to.</param>
    /// <param name="route">The path.</param>
    /// <param name="table">The table that it was read from: an Adj-RIB-In also shows what import policy made of it.</param>
    /// <param name="neighbor">The neighbor's address, <c>null</c> for our own.</param>
    /// <param name="isInstalled">Whether the kernel has it.</param>
    /// <param name="now">For the age.</param>
    /// <param name="names">Names of interfaces by index, filled as they are asked for: with it, how the next hop is reached is told too; <c>null</c> in a long list.</param>
    public static void Write(Utf8JsonWriter json, RouteView route, RouteTable table, string? neighbor, bool isInstalled, Instant now, Dictionary<int, string?>? names = null)
    {
        json.WriteStartObject();
        json.WriteString("prefix"u8, route.Prefix.ToString());
        json.WriteString("family"u8, AddressFamily.Of(route.Prefix).ToString());
        json.WriteBoolean("best"u8, route.IsBest);
        json.WriteBoolean("multipath"u8, route.IsMultipath);
        WriteAttributes(json, route);
        json.WriteString("originatorId"u8, route.OriginatorId?.ToString());
        WriteList(json, "clusterList"u8, route.ClusterList);
        json.WriteBoolean("atomicAggregate"u8, route.AtomicAggregate);
        json.WriteString("aggregator"u8, route.Aggregator);
        json.WriteString("neighbor"u8, neighbor);
        json.WriteString("peerType"u8, route.Source switch
        {
            RouteSource.External => "ebgp",
            RouteSource.Internal or RouteSource.Confederation => "ibgp",
            _ => "local",
        });
        WriteNumber(json, "pathId"u8, route.PathId?.Value);
        json.WriteBoolean("valid"u8, route.IsValid);
        json.WriteBoolean("stale"u8, route.IsStale);
        json.WriteBoolean("installed"u8, isInstalled);
        WriteAge(json, route.ReceivedAt, now);
        json.WriteString("reason"u8, route.Reason == PathReason.None ? null : CamelCase(route.Reason.ToString()));
        json.WriteString("suppressedBy"u8, route.SuppressedBy?.ToString());
        json.WriteString("nextHopFault"u8, route.Fault == NextHopFault.None ? null : CamelCase(route.Fault.ToString()));
        json.WriteString("nextHopThrough"u8, route.Through?.ToString());
        json.WriteString("nextHopInterface"u8, route.NextHopInterface);
        json.WriteNumber("weight"u8, route.Weight);
        if (names is not null && table != RouteTable.AdjRibOut)
        {
            WriteWays(json, route, names);
        }

        if (table == RouteTable.AdjRibIn)
        {
            WriteImported(json, route.Imported);
        }

        json.WriteEndObject();
    }

    /// <summary>What a policy can change.</summary>
    private static void WriteAttributes(Utf8JsonWriter json, RouteView route)
    {
        json.WriteString("nextHop"u8, route.NextHop.IsNone ? null : route.NextHop.ToString());
        json.WriteString("asPath"u8, route.AsPath);
        json.WriteString("origin"u8, OriginName(route.Origin));
        WriteNumber(json, "localPref"u8, route.LocalPref);
        WriteNumber(json, "med"u8, route.Med);
        WriteList(json, "communities"u8, route.Communities);
        WriteList(json, "largeCommunities"u8, route.LargeCommunities);
        WriteList(json, "extendedCommunities"u8, route.ExtendedCommunities);
    }

    private static void WriteAge(Utf8JsonWriter json, Instant? receivedAt, Instant now)
    {
        if (receivedAt is { } then)
        {
            json.WriteNumber("ageSeconds"u8, Math.Max(0, (now.Microseconds - then.Microseconds) / 1_000_000));
        }
        else
        {
            json.WriteNull("ageSeconds"u8);
        }
    }

    private static void WriteWays(Utf8JsonWriter json, RouteView route, Dictionary<int, string?> names)
    {
        WriteNumber(json, "nextHopCost"u8, route.NextHopCost);
        FibJson.WriteHops(json, "nextHopVia"u8, route.Ways, names);
    }

    private static void WriteImported(Utf8JsonWriter json, RouteView? imported)
    {
        if (imported is null)
        {
            json.WriteNull("imported"u8);
            return;
        }

        json.WriteStartObject("imported"u8);
        WriteAttributes(json, imported);
        json.WriteNumber("weight"u8, imported.Weight);
        json.WriteEndObject();
    }

    private static string OriginName(Origin origin) => origin switch
    {
        Origin.Igp => "igp",
        Origin.Egp => "egp",
        _ => "incomplete",
    };

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, uint? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<T>? list)
    {
        if (list is not { } items)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStringValue(item?.ToString());
        }

        json.WriteEndArray();
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
