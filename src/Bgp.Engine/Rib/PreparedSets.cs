using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Attribute sections of the messages that are next, checked and made canonical ahead of them, so that the processor fetches meanwhile where they stand in the store. Only what is without a
/// fault and short is kept: all else is done when its message is applied.
/// </summary>
internal sealed class PreparedSets(AttributeStore store)
{
    public const int Capacity = 16;

    /// <summary>Longer canonical sets are not prepared.</summary>
    private const int MaxLength = 256;

    private readonly byte[] _bytes = new byte[Capacity * MaxLength];
    private readonly int[] _lengths = new int[Capacity];
    private readonly ulong[] _hashes = new ulong[Capacity];

    public ReadOnlySpan<byte> Canonical(int at) => _bytes.AsSpan(at * MaxLength, _lengths[at]);

    public ulong Hash(int at) => _hashes[at];

    /// <summary>False where the section is to be looked at with its message.</summary>
    public bool TryPrepare(int at, ReadOnlySpan<byte> section, in CodecProfile profile)
    {
        var destination = _bytes.AsSpan(at * MaxLength, MaxLength);
        if (UpdateDecoder.Canonicalize(section, profile, useMpNextHop: false, default, destination, out var written, out _, out _) != UpdateErrorAction.None)
        {
            return false;
        }

        _lengths[at] = written;
        _hashes[at] = store.Hash(destination[..written]);
        store.Prefetch(_hashes[at]);
        return true;
    }
}
