using System.Text.Json;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>The last error of a neighbor: in the table while it is the state of things, in the detail view with its time.</summary>
internal sealed class NeighborJsonTests
{
    private const string Error = "connectionClosed";

    [TestCase("Established", "-")]
    [TestCase("Idle", Error)]
    public void Table_LastError_IsThereOnlyWithoutASession(string state, string expected)
    {
        var table = ShowTables.Neighbors(JsonElement.Parse($"[{With(state, Error, 90)}]"));

        Assert.That(table.Rows.Single()[table.Columns.ToList().IndexOf("Last error")], Is.EqualTo(expected));
    }

    [TestCase(90, Error + ", 1m30s ago")]
    [TestCase(null, "-")]
    public void Detail_LastError_HasItsTime(int? seconds, string expected)
    {
        var detail = NeighborDetail.Of(JsonElement.Parse(With("Established", seconds is null ? null : Error, seconds)));

        Assert.That(detail.Rows.Single(row => row[0] == "last error")[1], Is.EqualTo(expected));
    }

    [Test]
    public void Json_LastError_ComesWithTheSecondsSinceThen()
    {
        var neighbor = JsonElement.Parse(Write(down: null));
        var failed = JsonElement.Parse(Write(new Instant(40_000_000)));

        Assert.That(neighbor.GetProperty("lastErrorSeconds").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(failed.GetProperty("lastErrorSeconds").GetInt32(), Is.EqualTo(20));
    }

    private static string Write(Instant? down)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            var config = new NeighborConfig { Key = new NeighborKey(IpAddress.Parse("192.0.2.1"), "", 179), LocalAsn = new Asn(64512), RemoteAsn = new Asn(64512), Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)] };
            var peer = new PeerStatus { Peer = new PeerId(1), Config = config, State = SessionState.Idle, Since = new Instant(0), LastDownAt = down };
            NeighborJson.Write(json, peer, new SpeakerConfig { LocalAsn = new Asn(64512), RouterId = new RouterId(1), ClusterId = new RouterId(1) }, null, default, new Instant(60_000_000));
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string With(string state, string? error, int? seconds)
    {
        var neighbor = System.Text.Json.Nodes.JsonNode.Parse(Write(down: null))!;
        (neighbor["state"], neighbor["lastError"], neighbor["lastErrorSeconds"]) = (state, error, seconds);
        return neighbor.ToJsonString();
    }
}
