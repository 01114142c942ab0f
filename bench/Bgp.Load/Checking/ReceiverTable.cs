using System.Buffers.Binary;

namespace Bgp.Load;

/// <summary>
/// What one receiver has: for each prefix the number of its path. It knows at any time how many prefixes are as they should be, so that
/// convergence is one comparison; an UPDATE costs a look at its attributes and two array accesses a prefix, and allocates nothing.
/// </summary>
internal sealed class ReceiverTable
{
    private readonly Expectation _expectation;
    private readonly PathRecognizer _recognizer;
    private readonly int _client;
    private readonly bool _allowsEcho;
    private readonly int[] _current;
    private int _right;

    /// <param name="expectation">What it must have in the end.</param>
    /// <param name="recognizer">Names received paths.</param>
    /// <param name="client">Whose table it is.</param>
    /// <param name="allowsEcho">Whether it is no fault that a client is sent its own route back, which it then drops (RFC 4456 §8).</param>
    public ReceiverTable(Expectation expectation, PathRecognizer recognizer, int client, bool allowsEcho)
    {
        _allowsEcho = allowsEcho;
        _expectation = expectation;
        _recognizer = recognizer;
        _client = client;
        _current = new int[expectation.Space.Count];
        Clear();
    }

    /// <summary>Prefixes that are none of the run's.</summary>
    public int Unknown { get; private set; }

    /// <summary>Announcements and withdrawals of single prefixes so far.</summary>
    public long Changes { get; private set; }

    /// <summary>Whether every prefix is as it should be.</summary>
    public bool IsComplete => _right == _current.Length && Unknown == 0;

    /// <summary>The first attributes that were wrong.</summary>
    public string? FirstWrong => _recognizer.FirstWrong;

    public int Current(int prefix) => _current[prefix];

    /// <summary>As after a new session: nothing was received.</summary>
    public void Clear()
    {
        Array.Fill(_current, Expectation.None);
        Unknown = 0;
        Recount();
    }

    /// <summary>Counts again after the expectation changed.</summary>
    public void Recount()
    {
        _right = 0;
        for (var i = 0; i < _current.Length; i++)
        {
            _right += IsRight(i, _current[i]) ? 1 : 0;
        }
    }

    /// <summary>Before the expectation of one prefix changes: it does not count for now.</summary>
    public void Forget(int prefix) => _right -= IsRight(prefix, _current[prefix]) ? 1 : 0;

    /// <summary>After the expectation of one prefix changed.</summary>
    public void Recount(int prefix) => _right += IsRight(prefix, _current[prefix]) ? 1 : 0;

    /// <summary>Takes the body of an UPDATE: Withdrawn Routes, Path Attributes, NLRI (RFC 4271 §4.3), of IPv4 without path identifiers.</summary>
    public void Apply(ReadOnlySpan<byte> body)
    {
        var withdrawnLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        var withdrawn = body.Slice(2, withdrawnLength);
        body = body[(2 + withdrawnLength)..];
        var attributesLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        var attributes = body.Slice(2, attributesLength);
        var announced = body[(2 + attributesLength)..];
        if (!withdrawn.IsEmpty)
        {
            SetAll(withdrawn, Expectation.None);
        }

        if (!announced.IsEmpty)
        {
            SetAll(announced, _recognizer.Recognize(attributes));
        }
    }

    /// <summary>Holds everything against what should be.</summary>
    public CheckResult Check()
    {
        var result = new CheckResult(0, Unknown, 0);
        for (var i = 0; i < _current.Length; i++)
        {
            if (IsRight(i, _current[i]))
            {
                continue;
            }

            var wanted = _expectation.Wanted(i, _client);
            result += wanted == Expectation.None ? new CheckResult(0, 1, 0)
                : _current[i] == Expectation.None ? new CheckResult(1, 0, 0)
                : new CheckResult(0, 0, 1);
        }

        return result;
    }

    private void SetAll(ReadOnlySpan<byte> prefixes, int path)
    {
        var space = _expectation.Space;
        while (!prefixes.IsEmpty)
        {
            int length = prefixes[0];
            var octets = (length + 7) >> 3;
            var index = space.IndexOf(ReadBits(prefixes[1..], octets), length);
            prefixes = prefixes[(1 + octets)..];
            Changes++;
            if (index < 0)
            {
                Unknown++;
                continue;
            }

            var before = _current[index];
            if (before != path)
            {
                _current[index] = path;
                _right += (IsRight(index, path) ? 1 : 0) - (IsRight(index, before) ? 1 : 0);
            }
        }
    }

    private bool IsRight(int prefix, int path)
    {
        var wanted = _expectation.Wanted(prefix, _client);
        return path == wanted || (_allowsEcho && wanted == Expectation.None && path == _expectation.Winner(prefix));
    }

    private static uint ReadBits(ReadOnlySpan<byte> source, int octets)
    {
        if (source.Length >= 4)
        {
            return octets == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(source) & (uint.MaxValue << (32 - (8 * octets)));
        }

        var bits = 0u;
        for (var i = 0; i < octets; i++)
        {
            bits |= (uint)source[i] << (24 - (8 * i));
        }

        return bits;
    }
}
