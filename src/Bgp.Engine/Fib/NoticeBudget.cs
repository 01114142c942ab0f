using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Lets at most <see cref="PerWindow"/> notices through in a window of ten seconds; how many were held back is said at its end.</summary>
internal sealed class NoticeBudget
{
    public const int PerWindow = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private Instant _end;
    private int _count;

    /// <summary>When the held-back ones are to be told of.</summary>
    public Instant? Deadline => _count > PerWindow ? _end : null;

    public void Give(in IpPrefix prefix, string text, Instant now, EffectBuffer<FibEffect> effects)
    {
        Tick(now, effects);
        if (_count == 0)
        {
            _end = now + Window;
        }

        if (++_count <= PerWindow)
        {
            effects.Add(new FibEffect(FibEffectKind.Notice) { Prefix = prefix, Notice = text });
        }
    }

    public void Tick(Instant now, EffectBuffer<FibEffect> effects)
    {
        if (_count == 0 || now < _end)
        {
            return;
        }

        if (_count > PerWindow)
        {
            var held = _count - PerWindow;
            effects.Add(new FibEffect(FibEffectKind.Notice) { Notice = string.Create(CultureInfo.InvariantCulture, $"{held} more notices of the FIB in the last 10 s") });
        }

        _count = 0;
    }
}
