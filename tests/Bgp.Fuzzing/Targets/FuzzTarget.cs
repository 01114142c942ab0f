using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>One decoder under test: how inputs for it are made, and what must hold for any input whatever.</summary>
internal abstract class FuzzTarget(string name)
{
    public const int MaxInputLength = BgpConstants.MaxMessageLength * 4;

    private const int MaxRandomLength = 160;
    private byte[][]? _corpus;

    public string Name { get; } = name;

    /// <summary>Inputs that others are made from: the fixtures, and what was found.</summary>
    public byte[][] Corpus => _corpus ??= [.. Fixtures, .. Bgp.Fuzzing.Corpus.Of(Name)];

    protected abstract IEnumerable<byte[]> Fixtures { get; }

    /// <summary>Writes an input and returns its length; the same for the same random numbers.</summary>
    public virtual int Create(ref FuzzRandom random, Span<byte> destination)
    {
        if (Corpus.Length == 0 || random.Below(5) == 0)
        {
            var length = random.Below(MaxRandomLength);
            random.Fill(destination[..length]);
            return length;
        }

        return Mutator.Mutate(ref random, Corpus[random.Below(Corpus.Length)], destination, from: 0);
    }

    /// <summary>Decodes, and throws <see cref="BrokenRuleException"/> where a rule does not hold.</summary>
    public abstract FuzzOutcome Check(ReadOnlySpan<byte> input);

    public override string ToString() => Name;

    protected static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
