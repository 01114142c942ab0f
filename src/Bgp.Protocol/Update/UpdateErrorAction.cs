namespace Bgp.Protocol;

/// <summary>What a fault in an UPDATE costs, from least to most (RFC 7606 §2). A caller that cannot disable a family resets the session instead.</summary>
public enum UpdateErrorAction : byte
{
    None,

    /// <summary>The attribute is dropped, the rest of the UPDATE counts.</summary>
    AttributeDiscard,

    /// <summary>All routes that the UPDATE announces are withdrawn.</summary>
    TreatAsWithdraw,

    /// <summary>All routes of the family are removed and later ones ignored until the session ends (RFC 4760 §7).</summary>
    DisableFamily,

    /// <summary>The NOTIFICATION is sent and the session ends.</summary>
    SessionReset,
}
