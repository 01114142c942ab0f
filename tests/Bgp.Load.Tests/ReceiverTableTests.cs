using Bgp.Protocol;

namespace Bgp.Load.Tests;

/// <summary>The checker finds what is missing, extra or wrong, and takes nothing that is right for a fault.</summary>
internal sealed class ReceiverTableTests
{
    private const int Clients = 3;
    private const int Blocks = 4;

    private Expectation _expectation = null!;
    private ReceiverTable _table = null!;

    [SetUp]
    public void SetUp()
    {
        _expectation = ReflectorScenario.Plan(Clients, Blocks).Expectation;
        _table = NewTable(allowsEcho: false);
    }

    [Test]
    public void Table_NothingReceived_MissesTheOthersRoutes() =>
        Assert.That(_table.Check(), Is.EqualTo(new CheckResult((Clients - 1) * Blocks, 0, 0)));

    [Test]
    public void Table_AllReceived_IsComplete()
    {
        ReceiveAll();

        Assert.That(_table.IsComplete);
        Assert.That(_table.Check().IsRight);
    }

    [Test]
    public void Table_OneWithdrawn_MissesIt()
    {
        ReceiveAll();
        Apply(encoder => encoder.Withdraw([Blocks]));

        Assert.That(_table.IsComplete, Is.False);
        Assert.That(_table.Check(), Is.EqualTo(new CheckResult(1, 0, 0)));
    }

    [Test]
    public void Table_OwnRouteComesBack_IsExtra()
    {
        ReceiveAll();
        Apply(encoder => encoder.Announce(_expectation.Paths[0], [0]));

        Assert.That(_table.IsComplete, Is.False);
        Assert.That(_table.Check(), Is.EqualTo(new CheckResult(0, 1, 0)));
    }

    [Test]
    public void Table_OwnRouteComesBackWhereThatIsAllowed_IsComplete()
    {
        _table = NewTable(allowsEcho: true);
        ReceiveAll();
        Apply(encoder => encoder.Announce(_expectation.Paths[0], [0]));

        Assert.That(_table.IsComplete);
        Assert.That(_table.Check().IsRight);
    }

    [Test]
    public void Table_AnothersPath_IsWrong()
    {
        ReceiveAll();
        Apply(encoder => encoder.Announce(_expectation.Paths[2], [Blocks]));

        Assert.That(_table.IsComplete, Is.False);
        Assert.That(_table.Check(), Is.EqualTo(new CheckResult(0, 0, 1)));
    }

    [Test]
    public void Table_RightPathWithAnotherNextHop_IsWrong()
    {
        ReceiveAll();
        Apply(encoder => encoder.Announce(new PathSpec(1, 1, LoadAddresses.Daemon, []), [Blocks]));

        Assert.That(_table.Check(), Is.EqualTo(new CheckResult(0, 0, 1)));
        Assert.That(_table.FirstWrong, Is.Not.Null);
    }

    [Test]
    public void Table_PrefixOfNobody_IsExtra()
    {
        ReceiveAll();
        var foreign = new FeedEncoder(PrefixSpace.Table(1), isInternal: true);
        foreign.Announce(_expectation.Paths[1], [0]);
        Apply(foreign);

        Assert.That(_table.IsComplete, Is.False);
        Assert.That(_table.Check(), Is.EqualTo(new CheckResult(0, 1, 0)));
    }

    [Test]
    public void Table_ExpectationMoves_IsCompleteAgainOnlyWithTheNewPath()
    {
        ReceiveAll();
        var path = _expectation.AddPath(1, LoadAddresses.Client(1));
        _table.Forget(Blocks);
        _expectation.SetWinner(Blocks, path.Id);
        _table.Recount(Blocks);
        Assert.That(_table.IsComplete, Is.False);

        Apply(encoder => encoder.Announce(path, [Blocks]));

        Assert.That(_table.IsComplete);
    }

    private ReceiverTable NewTable(bool allowsEcho) =>
        new(_expectation, new PathRecognizer(_expectation, SessionView.Untouched, LoadAddresses.Daemon, LoadPlan.DaemonAsn, []), 0, allowsEcho);

    private void ReceiveAll() => Apply(encoder =>
    {
        for (var client = 1; client < Clients; client++)
        {
            encoder.Announce(_expectation.Paths[client], Enumerable.Range(client * Blocks, Blocks));
        }
    });

    private void Apply(Action<FeedEncoder> write)
    {
        var encoder = new FeedEncoder(_expectation.Space, isInternal: true);
        write(encoder);
        Apply(encoder);
    }

    private void Apply(FeedEncoder encoder)
    {
        for (ReadOnlySpan<byte> octets = encoder.Finish(); !octets.IsEmpty;)
        {
            var length = (octets[16] << 8) | octets[17];
            _table.Apply(octets[BgpConstants.HeaderLength..length]);
            octets = octets[length..];
        }
    }
}
