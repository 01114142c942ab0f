using System.Diagnostics.CodeAnalysis;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Longest-prefix match for one family: a path-compressed binary trie in one array. A prefix has at most one value.</summary>
internal sealed class PrefixTrie<T>
    where T : class
{
    private const int None = -1;

    private Node[] _nodes = new Node[16];
    private int _limit;
    private int _free = None;
    private int _root = None;

    public int Count { get; private set; }

    public void Clear()
    {
        _nodes = new Node[16];
        _limit = 0;
        _free = None;
        _root = None;
        Count = 0;
    }

    /// <summary>The value of exactly this prefix; a new one by <paramref name="create"/> where it has none.</summary>
    public T GetOrAdd(in IpPrefix prefix, Func<T> create)
    {
        var key = Bits(prefix.Address);
        var (parent, isRight, index) = (None, false, _root);
        while (index != None)
        {
            ref var node = ref _nodes[index];
            var common = Common(key, prefix.Length, node);
            if (common < node.Length)
            {
                return Split(parent, isRight, index, key, prefix.Length, common, create());
            }

            if (node.Length == prefix.Length)
            {
                return Fill(index, create);
            }

            (parent, isRight) = (index, Bit(key, node.Length));
            index = isRight ? node.Right : node.Left;
        }

        var leaf = Allocate(key, prefix.Length, create());
        Link(parent, isRight, leaf);
        Count++;
        return _nodes[leaf].Value!;
    }

    public bool TryGet(in IpPrefix prefix, [NotNullWhen(true)] out T? value)
    {
        var key = Bits(prefix.Address);
        value = null;
        for (var index = _root; index != None;)
        {
            ref var node = ref _nodes[index];
            if (node.Length > prefix.Length || Common(key, prefix.Length, node) < node.Length)
            {
                break;
            }

            if (node.Length == prefix.Length)
            {
                value = node.Value;
                break;
            }

            index = Bit(key, node.Length) ? node.Right : node.Left;
        }

        return value is not null;
    }

    public void Remove(in IpPrefix prefix)
    {
        var key = Bits(prefix.Address);
        var (grandparent, wasRight, parent, isRight, index) = (None, false, None, false, _root);
        while (index != None)
        {
            ref var node = ref _nodes[index];
            if (Common(key, prefix.Length, node) < node.Length)
            {
                return;
            }

            if (node.Length == prefix.Length)
            {
                break;
            }

            (grandparent, wasRight) = (parent, isRight);
            (parent, isRight) = (index, Bit(key, node.Length));
            index = isRight ? node.Right : node.Left;
        }

        if (index == None || _nodes[index].Value is null)
        {
            return;
        }

        Count--;
        _nodes[index].Value = null;
        Compress(parent, isRight, index);
        if (parent != None)
        {
            // A fork that lost a branch is a fork no more.
            Compress(grandparent, wasRight, parent);
        }
    }

    /// <summary>The value of the longest prefix that covers an address, and its length; −1 where none does.</summary>
    public int Match(in IpAddress address, out T? value)
    {
        var key = Bits(address);
        var length = -1;
        value = null;
        for (var index = _root; index != None;)
        {
            ref var node = ref _nodes[index];
            if (Common(key, address.BitLength, node) < node.Length)
            {
                break;
            }

            if (node.Value is not null)
            {
                (length, value) = (node.Length, node.Value);
            }

            if (node.Length == address.BitLength)
            {
                break;
            }

            index = Bit(key, node.Length) ? node.Right : node.Left;
        }

        return length;
    }

    /// <summary>Whether any value of a prefix that covers this one, itself included, passes the test.</summary>
    public bool AnyCovering(in IpPrefix prefix, PrefixTest<T> test)
    {
        var key = Bits(prefix.Address);
        for (var index = _root; index != None;)
        {
            ref var node = ref _nodes[index];
            if (node.Length > prefix.Length || Common(key, prefix.Length, node) < node.Length)
            {
                break;
            }

            if (node.Value is not null && test(node.Value, prefix))
            {
                return true;
            }

            if (node.Length == prefix.Length)
            {
                break;
            }

            index = Bit(key, node.Length) ? node.Right : node.Left;
        }

        return false;
    }

    /// <summary>Appends the values of the prefixes that cover this one, itself included, the shortest first.</summary>
    public void Covering(in IpPrefix prefix, List<T> values)
    {
        var key = Bits(prefix.Address);
        for (var index = _root; index != None;)
        {
            ref var node = ref _nodes[index];
            if (node.Length > prefix.Length || Common(key, prefix.Length, node) < node.Length)
            {
                break;
            }

            if (node.Value is not null)
            {
                values.Add(node.Value);
            }

            if (node.Length == prefix.Length)
            {
                break;
            }

            index = Bit(key, node.Length) ? node.Right : node.Left;
        }
    }

    /// <summary>Whether any prefix that <paramref name="prefix"/> covers, itself included, has a value.</summary>
    public bool HasWithin(in IpPrefix prefix) => FindWithin(prefix) != None;

    /// <summary>The values of the prefixes that <paramref name="prefix"/> covers, itself included, in ascending order; good until the next change.</summary>
    public IEnumerable<T> Within(IpPrefix prefix)
    {
        var open = new Stack<int>();
        open.Push(FindWithin(prefix));
        while (open.TryPop(out var index))
        {
            if (index == None)
            {
                continue;
            }

            var node = _nodes[index];
            if (node.Value is { } value)
            {
                yield return value;
            }

            open.Push(node.Right);
            open.Push(node.Left);
        }
    }

    /// <summary>The node above all that a prefix covers; a node without a value always has two branches, so there is something below it.</summary>
    private int FindWithin(in IpPrefix prefix)
    {
        var key = Bits(prefix.Address);
        for (var index = _root; index != None;)
        {
            ref var node = ref _nodes[index];
            var common = Common(key, prefix.Length, node);
            if (common == prefix.Length)
            {
                return index;
            }

            if (common < node.Length)
            {
                return None;
            }

            index = Bit(key, node.Length) ? node.Right : node.Left;
        }

        return None;
    }

    /// <summary>An address with its first bit as the highest.</summary>
    private static UInt128 Bits(in IpAddress address) => address.IsV4 ? (UInt128)address.V4Bits << 96 : new UInt128(address.High, address.Low);

    private static bool Bit(UInt128 key, int position) => (key >> (127 - position) & UInt128.One) != 0;

    private static int Common(UInt128 key, int length, in Node node) =>
        Math.Min((int)UInt128.LeadingZeroCount(key ^ node.Key), Math.Min(length, node.Length));

    private T Fill(int index, Func<T> create)
    {
        if (_nodes[index].Value is null)
        {
            _nodes[index].Value = create();
            Count++;
        }

        return _nodes[index].Value!;
    }

    /// <summary>Puts a prefix above a node that it covers, or beside one that it shares only the first <paramref name="common"/> bits with.</summary>
    private T Split(int parent, bool isRight, int index, UInt128 key, int length, int common, T value)
    {
        var added = Allocate(key, length, value);
        var above = added;
        if (common < length)
        {
            above = Allocate(key & ~(UInt128.MaxValue >> common), common, null);
            Attach(above, Bit(key, common), added);
        }

        Attach(above, Bit(_nodes[index].Key, common), index);
        Link(parent, isRight, above);
        Count++;
        return value;
    }

    /// <summary>Takes a node without a value out if it has no more than one branch.</summary>
    private void Compress(int parent, bool isRight, int index)
    {
        ref var node = ref _nodes[index];
        if (node.Value is null && (node.Left == None || node.Right == None))
        {
            Link(parent, isRight, node.Left == None ? node.Right : node.Left);
            node.Left = _free;
            _free = index;
        }
    }

    private void Link(int parent, bool isRight, int child)
    {
        if (parent == None)
        {
            _root = child;
        }
        else
        {
            Attach(parent, isRight, child);
        }
    }

    private void Attach(int parent, bool isRight, int child)
    {
        if (isRight)
        {
            _nodes[parent].Right = child;
        }
        else
        {
            _nodes[parent].Left = child;
        }
    }

    private int Allocate(UInt128 key, int length, T? value)
    {
        var index = _free;
        if (index != None)
        {
            _free = _nodes[index].Left;
        }
        else
        {
            if (_limit == _nodes.Length)
            {
                Array.Resize(ref _nodes, _limit * 2);
            }

            index = _limit++;
        }

        _nodes[index] = new Node { Key = key, Length = (byte)length, Left = None, Right = None, Value = value };
        return index;
    }

    private struct Node
    {
        public UInt128 Key;
        public T? Value;
        public int Left;
        public int Right;
        public byte Length;
    }
}

/// <summary>A test of the value that a <see cref="PrefixTrie{T}"/> has for a covering prefix.</summary>
internal delegate bool PrefixTest<T>(T value, in IpPrefix prefix);
