namespace Bgp.Load;

/// <summary>Numbers that look random and are the same in every run.</summary>
internal static class Mix
{
    /// <summary>A number from 0 to below the limit, made of others (SplitMix64's finalizer).</summary>
    public static int Below(int limit, int first, int second = 0)
    {
        var value = ((ulong)(uint)first << 32 | (uint)second) + 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return (int)((value ^ (value >> 31)) % (ulong)limit);
    }
}
