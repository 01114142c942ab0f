namespace Bgp.Fuzzing;

/// <summary>SplitMix64: a sequence of its own for each seed and index, so that one message can be made again without those before it.</summary>
internal struct FuzzRandom(ulong seed, ulong index)
{
    private ulong _state = seed + (index * 0xd1342543de82ef95);

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var mixed = (_state ^ (_state >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public byte Byte() => (byte)Next();

    public void Fill(Span<byte> bytes)
    {
        foreach (ref var octet in bytes)
        {
            octet = Byte();
        }
    }
}
