using System.Diagnostics;

namespace Bgp.Linux.Tests;

internal sealed class ProcessIdentityTests
{
    [TestCase("1 (init) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 42 1000 1", 42UL, 'S')]
    [TestCase("1 (a) b) (c) R 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 43 1000 1", 43UL, 'R')]
    public void Stat_WithAnyName_GivesStateAndStartTime(string stat, ulong start, char state)
    {
        Assert.That(ProcessIdentity.TryParse(1, stat, out var identity, out var read), Is.True);
        Assert.That((identity, read), Is.EqualTo((new ProcessIdentity(1, start), state)));
    }

    [Test]
    public void Stat_CutShort_GivesNothing()
    {
        Assert.That(ProcessIdentity.TryParse(1, "1 (init) S 0 1", out _, out _), Is.False);
    }

    [Test]
    public void Current_IsAlive()
    {
        Assert.That(ProcessIdentity.Current.IsAlive, Is.True);
    }

    [Test]
    public void SameNumberOtherStart_IsNotAliveAndGetsNoSignal()
    {
        var other = ProcessIdentity.Current with { StartTime = 1 };

        Assert.That((other.IsAlive, other.Signal(UnixSignal.Kill)), Is.EqualTo((false, false)));
    }

    [TestCase(UnixSignal.Kill)]
    [TestCase(UnixSignal.Terminate)]
    public void Signal_ToChild_EndsIt(UnixSignal signal)
    {
        using var child = Process.Start("sleep", "60");
        Assert.That(ProcessIdentity.TryRead(child.Id, out var identity), Is.True);

        var sent = identity.Signal(signal);
        child.WaitForExit();

        Assert.That((sent, child.ExitCode, identity.IsAlive, identity.Signal(signal)), Is.EqualTo((true, 128 + (int)signal, false, false)));
    }

    [Test]
    public void Capabilities_OfStatus_AreReadAsHex()
    {
        Assert.That(Privileges.Effective(["Name:\tbgp", "CapEff:\t0000000000003000", "CapBnd:\t0000000000000001"]), Is.EqualTo(0x3000));
    }
}
