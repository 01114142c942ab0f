namespace Bgp.Linux;

/// <summary>Names and indices of the links of the calling thread's namespace, asked from the kernel each time: links come, go and are renamed.</summary>
public static class InterfaceNames
{
    /// <summary>The link's index, 0 where there is none of that name.</summary>
    public static int IndexOf(string name) => (int)Libc.InterfaceIndex(name);

    /// <summary>The link's name, <c>null</c> where there is none of that index.</summary>
    public static string? NameOf(int index)
    {
        const int NameLength = 16;
        Span<byte> name = stackalloc byte[NameLength];
        if (Libc.InterfaceName((uint)index, name) == 0)
        {
            return null;
        }

        var length = name.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(length < 0 ? name : name[..length]);
    }
}
