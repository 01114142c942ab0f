using System.Diagnostics;

namespace Bgp.Fuzzing;

/// <summary>
/// Runs one target: first its corpus, then inputs by seed and index, until the count or the time is used up or a rule breaks. Inputs lie in
/// the middle of a buffer; every so often the octets around one are changed, and the outcome must not notice.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, ulong seed)
{
    private const int Margin = 64;
    private const int ClockEvery = 1024;
    private const int SurroundEvery = 8;

    private readonly byte[] _buffer = new byte[FuzzTarget.MaxInputLength + (2 * Margin)];
    private readonly HashSet<int> _kinds = [];

    /// <summary>Inputs checked so far, those of the corpus included.</summary>
    public ulong Checked { get; private set; }

    /// <summary>How many kinds of outcome there were.</summary>
    public int Kinds => _kinds.Count;

    /// <summary>Called with inputs whose kind of outcome is new.</summary>
    public Action<byte[]>? Found { get; init; }

    /// <summary>Checks the corpus, then <paramref name="count"/> inputs or as many as the time allows; the failure, or null.</summary>
    public FuzzFailure? Run(ulong count, TimeSpan? duration = null)
    {
        foreach (var input in target.Corpus)
        {
            input.CopyTo(_buffer, Margin);
            if (Check(input.Length, surround: true, out _) is { } reason)
            {
                return new FuzzFailure(target.Name, null, 0, input, reason);
            }
        }

        var start = Stopwatch.GetTimestamp();
        for (ulong index = 0; index < count; index++)
        {
            if (duration is { } limit && index % ClockEvery == 0 && Stopwatch.GetElapsedTime(start) > limit)
            {
                break;
            }

            if (RunOne(index) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>Checks a given input.</summary>
    public FuzzFailure? Replay(byte[] input)
    {
        input.CopyTo(_buffer, Margin);
        return Check(input.Length, surround: true, out _) is { } reason ? new FuzzFailure(target.Name, null, 0, input, reason) : null;
    }

    private FuzzFailure? RunOne(ulong index)
    {
        var random = new FuzzRandom(seed, index);
        var length = target.Create(ref random, _buffer.AsSpan(Margin, FuzzTarget.MaxInputLength));
        if (Check(length, index % SurroundEvery == 0, out var isNew) is { } reason)
        {
            return new FuzzFailure(target.Name, seed, index, Input(length), reason);
        }

        if (isNew)
        {
            Found?.Invoke(Input(length));
        }

        return null;
    }

    // Whatever a decoder throws is a finding of the fuzzer, so that here every exception is a value; none is swallowed.
    private Exception? Check(int length, bool surround, out bool isNew)
    {
        isNew = false;
        Checked++;
        try
        {
            var outcome = target.Check(_buffer.AsSpan(Margin, length));
            isNew = _kinds.Add(outcome.Kind);
            if (surround)
            {
                _buffer.AsSpan(0, Margin).Fill(0xff);
                _buffer.AsSpan(Margin + length, Margin).Fill(0xff);
                BrokenRuleException.Require(target.Check(_buffer.AsSpan(Margin, length)) == outcome, "what stands around an input is not read");
                _buffer.AsSpan(Margin + length, Margin).Clear();
                BrokenRuleException.Require(target.Check(_buffer.AsSpan(Margin, length)) == outcome, "what stands around an input is not read");
            }

            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure;
        }
    }

    private byte[] Input(int length) => _buffer.AsSpan(Margin, length).ToArray();
}
