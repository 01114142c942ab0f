using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

internal sealed class RouterIdChoiceTests
{
    private static readonly IpAddress Low = IpAddress.Parse("10.0.0.1");
    private static readonly IpAddress High = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress NotOurs = IpAddress.Parse("172.17.0.1");

    [Test]
    public void Pick_DefaultRoute_GoesFirst() => Assert.That(RouterIdChoice.Pick([Low, High], High, Low, "host").ToString(), Is.EqualTo("192.0.2.1"));

    [Test]
    public void Pick_DefaultRouteByAContainerDevice_TakesTheNeighbors() => Assert.That(RouterIdChoice.Pick([Low, High], NotOurs, High, "host").ToString(), Is.EqualTo("192.0.2.1"));

    [Test]
    public void Pick_NeitherRoute_TakesTheLeastAddress() => Assert.That(RouterIdChoice.Pick([Low, High], null, null, "host").ToString(), Is.EqualTo("10.0.0.1"));

    [Test]
    public void Pick_NoAddress_HashesTheName() => Assert.That(RouterIdChoice.Pick([], null, null, "host"), Is.EqualTo(RouterIdChoice.Hash("host")));

    // As sha256sum says; the hash of node-18 begins with 245, which is lowered by 32.
    [TestCase("node-0", "124.108.196.30")]
    [TestCase("node-12", "213.74.209.151")]
    [TestCase("node-18", "213.194.139.227")]
    public void Hash_Name_IsTheFirstFourOctets(string name, string id) => Assert.That(RouterIdChoice.Hash(name).ToString(), Is.EqualTo(id));

    [TestCase("docker0", true)]
    [TestCase("cali12345", true)]
    [TestCase("kube-ipvs0", true)]
    [TestCase("eth0", false)]
    public void IsOthers_Device_ByItsPrefix(string device, bool expected) => Assert.That(RouterIdChoice.IsOthers(device), Is.EqualTo(expected));
}
