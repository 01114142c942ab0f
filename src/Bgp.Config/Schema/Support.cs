namespace Bgp.Config;

/// <summary>
/// Whether this build acts on a field. What it does not act on is refused by name when it is used, never ignored; the default counts as
/// absent.
/// </summary>
internal enum Support : byte
{
    /// <summary>Every value.</summary>
    Yes,

    /// <summary>Some values; the field names the ones that it refuses.</summary>
    Partly,

    /// <summary>Only the default.</summary>
    NotYet,
}
