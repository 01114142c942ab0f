using System.Buffers;
using System.Text.Json;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

[TestFixture]
internal sealed class RouteJsonTests
{
    // RFC 7911 §3: zero is an identifier like any other.
    [TestCase(null, "null")]
    [TestCase(0u, "0")]
    [TestCase(4294967295u, "4294967295")]
    public void PathId_IsNullOnlyWithoutAddPath(uint? pathId, string expected)
    {
        Assert.That(Written(pathId).GetProperty("pathId").GetRawText(), Is.EqualTo(expected));
    }

    [TestCase(null, "10.0.0.2")]
    [TestCase(7u, "10.0.0.2 path 7")]
    public void Table_ShowsTheIdentifierWithTheNeighbor(uint? pathId, string expected)
    {
        var table = ShowTables.Routes(JsonElement.Parse($"[{Written(pathId).GetRawText()}]"));

        Assert.That(table.Rows.Single()[table.Columns.ToList().IndexOf("From")], Is.EqualTo(expected));
    }

    private static JsonElement Written(uint? pathId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var route = new RouteView { Prefix = IpPrefix.Parse("10.244.1.0/24"), AsPath = "", PathId = pathId is { } value ? new PathId(value) : null, Source = RouteSource.Internal };
            RouteJson.Write(json, route, "10.0.0.2", isInstalled: false, new Instant(0));
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
