using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bgp.Daemon.Tests;

internal sealed class ControlApiTests
{
    private const string OneOfEach = """
        networks: [{prefix: 10.244.1.0/24}, {prefix: 10.244.0.0/24}, {prefix: "fd00::/64"}]
        neighbors: [{address: 127.0.0.9, asn: 65001, passive: true, name: nine, description: the ninth, password: secret, importPolicy: [accept-all]}]
        """;

    private RunningDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task SetUp() => _daemon = await RunningDaemon.StartAsync(OneOfEach);

    [OneTimeTearDown]
    public async Task TearDown() => await _daemon.DisposeAsync();

    [Test]
    public async Task Summary_OfARunningDaemon_HasItsFields()
    {
        using var summary = await GetAsync(ControlPaths.Summary);

        Assert.That(Names(summary.RootElement), Is.SupersetOf(new[] { "asn", "routerId", "version", "uptimeSeconds", "neighbors", "routes", "memoryBytes", "fib" }));
        Assert.That(summary.RootElement.GetProperty("routerId").GetString(), Is.EqualTo("10.0.0.1"));
        Assert.That(summary.RootElement.GetProperty("neighbors").GetRawText(), Is.EqualTo("""{"configured":1,"dynamic":0,"established":0}"""));
        Assert.That(summary.RootElement.GetProperty("routes").GetProperty("ipv4-unicast").GetRawText(), Is.EqualTo("""{"prefixes":2,"paths":2}"""));
        Assert.That(Names(summary.RootElement.GetProperty("fib")), Is.EqualTo(new[] { "routes", "pending", "errors" }));
    }

    [Test]
    public async Task Neighbors_NotYetUp_HaveTheirFields()
    {
        using var neighbors = await GetAsync(ControlPaths.Neighbors);

        var neighbor = neighbors.RootElement.EnumerateArray().Single();
        Assert.That(Names(neighbor), Is.SupersetOf(new[]
        {
            "address", "asn", "localAsn", "description", "group", "dynamic", "state", "uptimeSeconds", "families", "capabilities", "holdTime", "lastError", "flaps", "messages", "md5", "bfd",
        }));
        Assert.That(neighbor.GetProperty("address").GetString(), Is.EqualTo("127.0.0.9"));
        Assert.That(neighbor.GetProperty("uptimeSeconds").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(neighbor.GetProperty("md5").GetBoolean(), Is.True);
        Assert.That(
            neighbor.GetProperty("families").GetRawText(),
            Is.EqualTo("""[{"family":"ipv4-unicast","received":0,"accepted":0,"advertised":0,"addPaths":null,"importPolicy":["accept-all"],"exportPolicy":[]}]"""));
        Assert.That(neighbor.GetProperty("messages").GetRawText(), Is.EqualTo("""{"received":0,"sent":0}"""));
    }

    [Test]
    public async Task Routes_OfOurOwn_HaveTheirFieldsAndNullsForWhatIsAbsent()
    {
        using var routes = await GetAsync(ControlPaths.Routes + "?prefix=10.244.1.0/24");

        var route = routes.RootElement.EnumerateArray().Single();
        Assert.That(Names(route), Is.SupersetOf(new[]
        {
            "prefix", "family", "best", "multipath", "nextHop", "asPath", "origin", "localPref", "med", "communities", "largeCommunities", "extendedCommunities", "originatorId",
            "clusterList", "atomicAggregate", "aggregator", "neighbor", "peerType", "pathId", "valid", "stale", "installed", "ageSeconds",
        }));
        Assert.That(route.GetProperty("best").GetBoolean(), Is.True);
        Assert.That(route.GetProperty("peerType").GetString(), Is.EqualTo("local"));
        Assert.That(route.GetProperty("med").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(route.GetProperty("origin").GetString(), Is.EqualTo("igp"));
    }

    [TestCase("?family=ipv6-unicast", 1)]
    [TestCase("?prefix=10.0.0.0/8&scope=longer", 2)]
    [TestCase("?prefix=10.244.1.7&scope=covering", 1)]
    [TestCase("?prefix=10.244.1.7", 1)]
    [TestCase("?prefix=10.244.1.7&scope=exact", 0)]
    [TestCase("?prefix=10.244.1.7/32", 0)]
    [TestCase("?prefix=10.244.1.0/25&scope=longest", 1)]
    [TestCase("?prefix=192.0.2.1", 0)]
    [TestCase("", 3)]
    [TestCase("?table=adj-rib-in&neighbor=127.0.0.9", 0)]
    public async Task Routes_Query_Selects(string query, int count)
    {
        using var routes = await GetAsync(ControlPaths.Routes + query);

        Assert.That(routes.RootElement.GetArrayLength(), Is.EqualTo(count));
    }

    [Test]
    public async Task Routes_OfAnAddress_AreThoseOfTheLongestPrefixAroundIt()
    {
        using var routes = await GetAsync(ControlPaths.Routes + "?prefix=fd00::1:2");

        Assert.That(routes.RootElement.EnumerateArray().Single().GetProperty("prefix").GetString(), Is.EqualTo("fd00::/64"));
    }

    [TestCase("127.0.0.9", 1)]
    [TestCase("nine", 1)]
    public async Task Neighbors_ByAddressOrName_AreSelected(string neighbor, int count)
    {
        using var neighbors = await GetAsync($"{ControlPaths.Neighbors}?neighbor={neighbor}");

        Assert.That(neighbors.RootElement.GetArrayLength(), Is.EqualTo(count));
    }

    [Test]
    public void Neighbors_Unknown_SaysSo() =>
        Assert.That(() => _daemon.Client.GetAsync($"{ControlPaths.Neighbors}?neighbor=10.9.9.9"), Throws.TypeOf<CommandException>().With.Message.Contains("there is no neighbor 10.9.9.9"));

    [Test]
    public async Task Neighbor_InDetail_HasWhatAnOperatorAsksFor()
    {
        using var neighbors = await GetAsync($"{ControlPaths.Neighbors}?neighbor=nine");

        var rows = NeighborDetail.Of(neighbors.RootElement[0]);
        var text = rows.Rows.ToLookup(row => row[0], row => row[1]);
        Assert.That(rows.Columns[1], Is.EqualTo("127.0.0.9 (nine)"));
        Assert.That(text["state"].Single(), Does.StartWith("Active, not established for "));
        Assert.That(text["session"].Single(), Is.EqualTo("ebgp, AS 64512 with AS 65001"));
        Assert.That(text["timers"].Single(), Is.EqualTo("hold time 90s, keepalive -, connect retry 5s"));
        Assert.That(text["ipv4-unicast"].Single(), Is.EqualTo("0 received, 0 accepted, 0 advertised"));
        Assert.That(text["  import policy"].Single(), Is.EqualTo("accept-all"));
        Assert.That(text["TCP MD5"].Single(), Is.EqualTo("on"));
        Assert.That(rows.Rows.Select(row => row[0]), Is.SupersetOf(new[] { "capabilities", "messages", "UPDATEs", "last error", "flaps", "group", "description", "reflection" }));
    }

    [TestCase("?prefix=10.244.1.0/33")]
    [TestCase("?family=ipx")]
    [TestCase("?table=adj-rib-in")]
    [TestCase("?prefix=10.0.0.0/8&family=ipv6-unicast")]
    [TestCase("?scope=wide")]
    public void Routes_NonsenseQuery_IsACommandLineFault(string query) =>
        Assert.That(() => _daemon.Client.GetAsync(ControlPaths.Routes + query), Throws.TypeOf<CommandException>().With.Property(nameof(CommandException.ExitCode)).EqualTo(ExitCodes.Wrong));

    [Test]
    public async Task Config_AsYaml_HidesSecrets()
    {
        var text = Encoding.UTF8.GetString(await _daemon.Client.GetAsync(ControlPaths.Config));

        Assert.That(text, Does.Contain("password: <secret>").And.Not.Contain("password: secret"));
    }

    [Test]
    public async Task Config_AsJson_IsJson()
    {
        using var config = await GetAsync(ControlPaths.Config + "?format=json");

        Assert.That(config.RootElement.GetProperty("router").GetProperty("asn").GetRawText(), Is.EqualTo("64512"));
    }

    [Test]
    public async Task Fib_Disabled_IsAnEmptyList()
    {
        using var fib = await GetAsync(ControlPaths.Fib);

        Assert.That(fib.RootElement.GetRawText(), Is.EqualTo("[]"));
    }

    [Test]
    public async Task Neighbor_DisableThenEnable_IsSeenAtOnce()
    {
        await _daemon.Client.PostAsync(ControlPaths.Neighbors + "/127.0.0.9/disable?message=noon");
        using var down = await GetAsync(ControlPaths.Neighbors);
        await _daemon.Client.PostAsync(ControlPaths.Neighbors + "/127.0.0.9/enable");
        using var up = await GetAsync(ControlPaths.Neighbors);

        Assert.That(down.RootElement[0].GetProperty("adminDown").GetBoolean(), Is.True);
        Assert.That(up.RootElement[0].GetProperty("adminDown").GetBoolean(), Is.False);
    }

    [TestCase("/10.9.9.9/reset", "there is no neighbor 10.9.9.9")]
    [TestCase("/127.0.0.9/refresh", "neighbor 127.0.0.9 is not established: there is nobody to ask")]
    [TestCase("/127.0.0.9/restart", "'restart' is not reset, refresh, enable or disable")]
    public void Neighbor_CannotBeDone_SaysWhy(string path, string reason) =>
        Assert.That(() => _daemon.Client.PostAsync(ControlPaths.Neighbors + path), Throws.TypeOf<CommandException>().With.Message.EqualTo(reason));

    [Test]
    public void Socket_IsForItsOwnerOnly() =>
        Assert.That(System.IO.File.GetUnixFileMode(_daemon.Socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

    [Test]
    public void Socket_OfALivingDaemon_IsNotTaken() => Assert.That(
        () => ControlSocket.Bind(_daemon.Socket),
        Throws.TypeOf<SocketException>().With.Message.EqualTo("another daemon answers there"));

    [Test]
    public void Socket_OfADeadDaemon_IsReplaced()
    {
        var folder = Directory.CreateTempSubdirectory("bgp-test-").FullName;
        var path = Path.Combine(folder, "sub", "bgp.sock");
        using (var dead = ControlSocket.Bind(path))
        {
            System.IO.File.Move(path, path + ".kept");
        }

        System.IO.File.Move(path + ".kept", path);

        Assert.That(() => ControlSocket.Bind(path).Dispose(), Throws.Nothing);
        Directory.Delete(folder, recursive: true);
    }

    private async Task<JsonDocument> GetAsync(string path) => JsonDocument.Parse(await _daemon.Client.GetAsync(path));

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
