namespace Bgp.Engine;

/// <summary>
/// A neighbor's number with all that is counted under it. A later neighbor that gets the number counts on, so that no report about the former one can be
/// taken for its own.
/// </summary>
internal sealed class PeerNumber(PeerId id)
{
    private const uint ConnectionIdStep = 2;

    private uint _incoming = 1;
    private uint _outgoing;
    private uint _generation;

    public PeerId Id { get; } = id;

    public ConnectionId NextIncoming()
    {
        var next = _incoming;
        _incoming += ConnectionIdStep;
        return new ConnectionId(next);
    }

    public ConnectionId NextOutgoing() => new(_outgoing += ConnectionIdStep);

    public SessionGeneration NextGeneration() => new(++_generation);
}
