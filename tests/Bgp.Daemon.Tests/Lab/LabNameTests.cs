using Bgp.Linux;

namespace Bgp.Daemon.Tests;

internal sealed class LabNameTests
{
    [Test]
    public void TryParse_NamespaceOfALab_GivesItsName()
    {
        var lab = new LabName(new ProcessIdentity(4711, 0xabc123));

        Assert.That(LabName.TryParse(lab.NamespaceOf("pod1-2")), Is.EqualTo(lab));
    }

    [TestCase("bgplab-")]
    [TestCase("bgplab-12")]
    [TestCase("bgplab-x-1-node1")]
    [TestCase("bgplab-12-xyz-node1")]
    [TestCase("lab-12-34-node1")]
    [TestCase("node1")]
    public void TryParse_AnotherName_IsNone(string name) => Assert.That(LabName.TryParse(name), Is.Null);

    [Test]
    public void IsAlive_OwnProcess_IsTrue() => Assert.That(LabName.Current.IsAlive, Is.True);

    [Test]
    public void IsAlive_SameNumberOfAnEarlierProcess_IsFalse()
    {
        var own = ProcessIdentity.Current;

        Assert.That(new LabName(own with { StartTime = own.StartTime - 1 }).IsAlive, Is.False);
    }
}
