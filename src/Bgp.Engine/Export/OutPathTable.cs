using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>One path that a group with ADD-PATH was sent, 12 bytes: what was sent of it, and by which identifier it was received from its source (0 without ADD-PATH there).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 12)]
internal readonly record struct OutPath(OutEntry Entry, uint ReceivedId)
{
    public bool IsNone => Entry.IsNone;

    /// <summary>Whether both are one path, whatever its attributes are now.</summary>
    public bool IsSamePath(in OutPath other) => !IsNone && !other.IsNone && Entry.Source == other.Entry.Source && ReceivedId == other.ReceivedId;
}

/// <summary>
/// The Adj-RIB-Out of a group with ADD-PATH (RFC 7911): for each destination a block of paths, in unmanaged memory. A path's place in its block is its local path identifier less one, so that
/// identifiers are small and need no bytes of their own; places of paths that are gone are empty until another path takes them. Groups without ADD-PATH have none of this.
/// </summary>
internal sealed class OutPathTable : IDisposable
{
    private readonly IndexedArray<Place> _places = new();
    private readonly BlockSlab<OutPath> _blocks = new();

    /// <summary>The destination's paths with the empty places among them; the last is not empty. Valid until the next <see cref="Set"/>.</summary>
    public ReadOnlySpan<OutPath> Of(uint destination)
    {
        var place = _places.Get(destination);
        return place.Count == 0 ? [] : _blocks.Block(place.Block)[..place.Count];
    }

    public void Set(uint destination, ReadOnlySpan<OutPath> paths)
    {
        while (!paths.IsEmpty && paths[^1].IsNone)
        {
            paths = paths[..^1];
        }

        ref var place = ref _places.Slot(destination);
        var isKept = place.Block != 0 && !paths.IsEmpty && paths.Length <= _blocks.Capacity(place.Block);
        if (place.Block != 0 && !isKept)
        {
            _blocks.Free(place.Block);
        }

        var block = isKept ? place.Block : paths.IsEmpty ? 0 : _blocks.Allocate(paths.Length);
        place = new Place(block, paths.Length);
        if (block != 0)
        {
            paths.CopyTo(_blocks.Block(block));
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _blocks.Dispose();
    }

    private readonly record struct Place(uint Block, int Count);
}
