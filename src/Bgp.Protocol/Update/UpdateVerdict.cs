namespace Bgp.Protocol;

/// <summary>Collects faults: the strongest action stands, and of equal ones the first reason (RFC 7606 §3 h).</summary>
internal struct UpdateVerdict
{
    public UpdateErrorAction Action { get; private set; }

    public BgpError Error { get; private set; }

    public AttributeType Faulty { get; private set; }

    public void Raise(UpdateErrorAction action, UpdateSubcode subcode, AttributeType faulty, ReadOnlyMemory<byte> data = default)
    {
        if (action > Action)
        {
            Action = action;
            Error = BgpError.Update(subcode, data);
            Faulty = faulty;
        }
    }

    /// <summary>RFC 7606 §5.2: what costs more than an attribute costs the session where no NLRI shows that it was read right.</summary>
    public void EscalateWithoutNlri()
    {
        if (Action > UpdateErrorAction.AttributeDiscard)
        {
            Action = UpdateErrorAction.SessionReset;
        }
    }
}
