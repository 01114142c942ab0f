#pragma warning disable
namespace Bgp.Engine;

public sealed class PeerFsm(PeerId peer, ulong seed)
{
    public Instant? NextDeadline => null;
    public PeerStatus Status => null!;
    public void Step(in SessionInput input, Instant now, EffectBuffer<SessionEffect> effects) { _ = peer; _ = seed; }
}
