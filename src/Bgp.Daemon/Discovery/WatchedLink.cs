using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// An interface that has a neighbor on its other end: whether it works, when to advertise on it, and whom it is known to lead to. Times are milliseconds of one clock.
/// Several advertisements go out when it begins to work, since our address may still be tentative and the neighbor not listening; then one every ten seconds, as FRR does.
/// </summary>
internal sealed class WatchedLink(string name)
{
    public const int InitialAdvertisements = 5;
    public const long InitialInterval = 1000;
    public const long Interval = 10_000;

    /// <summary>A solicitation that comes sooner after another is not answered.</summary>
    public const long AnswerInterval = 200;

    /// <summary>News of another neighbor is no news sooner than this after the last: who says less is heard again.</summary>
    public const long NewsInterval = 1000;

    private int _initialLeft;
    private long _answerAt;
    private long _newsAt;

    public string Name { get; } = name;

    /// <summary>0 while it does not work.</summary>
    public int Index { get; private set; }

    public bool IsRunning => Index != 0;

    /// <summary>The neighbor's link-local address, as far as it was told.</summary>
    public IpAddress Neighbor { get; private set; }

    /// <summary>When the next advertisement is due, while it works.</summary>
    public long AdvertiseAt { get; private set; }

    /// <summary>Whether to ask as well as to tell.</summary>
    public bool Solicits => Neighbor.IsNone && _initialLeft > 0;

    /// <summary>The link works under an index, or (0) does not; false where that is known.</summary>
    public bool Set(int index, long now)
    {
        if (index == Index)
        {
            return false;
        }

        Index = index;
        Begin(now);
        return true;
    }

    /// <summary>Advertises and listens as at the beginning.</summary>
    public void Begin(long now)
    {
        Neighbor = IpAddress.None;
        _newsAt = now;
        AdvertiseAt = now;
        _initialLeft = InitialAdvertisements;
    }

    /// <summary>An advertisement goes out.</summary>
    public void Advertised(long now)
    {
        AdvertiseAt = now + (--_initialLeft > 0 ? InitialInterval : Interval);
    }

    public bool MayAnswer(long now)
    {
        var may = now >= _answerAt;
        _answerAt = may ? now + AnswerInterval : _answerAt;
        return may;
    }

    /// <summary>A router of this address is on the link; whether that is news to tell.</summary>
    public bool Hear(IpAddress router, long now)
    {
        if (router == Neighbor || now < _newsAt)
        {
            return false;
        }

        (Neighbor, _newsAt) = (router, now + NewsInterval);
        return true;
    }
}
