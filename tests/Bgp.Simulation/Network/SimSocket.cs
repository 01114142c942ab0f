using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>One end of a TCP connection as a process sees it. It calls back when it becomes readable or writable and when it breaks; callbacks come as events of their own.</summary>
internal sealed class SimSocket(Simulator simulator, SimNode host, ConnectionEnds ends)
{
    private SimStream? _in;
    private SimStream? _out;

    public SimNode Host { get; } = host;

    public ConnectionEnds Ends { get; } = ends;

    /// <summary>The process has closed it, or was ended.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Why the connection broke; <c>null</c> while it stands.</summary>
    public string? BrokenBy { get; private set; }

    public int Unread => _in?.Unread ?? 0;

    /// <summary>The other end has closed and all its bytes are read.</summary>
    public bool IsAtEnd => _in is { HasEnded: true, Unread: 0 };

    /// <summary>Whether bytes of either direction are under way or unread.</summary>
    public bool IsBusy => !IsGone && ((_out?.IsUnderWay ?? false) || (_in?.IsUnderWay ?? false) || Unread > 0);

    public Action? Readable { get; set; }

    public Action? Writable { get; set; }

    public Action? Broken { get; set; }

    public void Join(SimStream input, SimStream output)
    {
        _in = input;
        _out = output;
    }

    public int Write(ReadOnlySpan<byte> bytes) => IsGone || BrokenBy is not null ? 0 : _out!.Write(bytes);

    public int Read(Span<byte> into) => IsGone ? 0 : _in!.Read(into);

    /// <summary>Closes: the end goes behind what was written. Where bytes lie unread the kernel may send a reset instead.</summary>
    public void Close()
    {
        if (!IsGone && Unread > 0 && simulator.Random.Chance(50))
        {
            Abort();
        }
        else if (!IsGone)
        {
            Leave();
            _out!.End();
        }
    }

    /// <summary>Closes with a reset.</summary>
    public void Abort()
    {
        if (!IsGone)
        {
            Leave();
            simulator.Network.SendReset(Host, simulator.Network.OtherEnd(this));
        }
    }

    /// <summary>The host is without power: nobody is told.</summary>
    public void Vanish() => Leave();

    /// <summary>A reset came, or the system gave up.</summary>
    public void Break(string reason)
    {
        if (IsGone || BrokenBy is not null)
        {
            return;
        }

        BrokenBy = reason;
        if (simulator.Random.Chance(50))
        {
            _in!.Discard();
        }

        simulator.Trace.Note(simulator.Now, Host.Name, "connection broken");
        Broken?.Invoke();
    }

    public void BecomeReadable() => Readable?.Invoke();

    public void BecomeWritable()
    {
        if (!IsGone)
        {
            Writable?.Invoke();
        }
    }

    public void Resume() => _out?.Resume();

    private void Leave()
    {
        IsGone = true;
        Readable = null;
        Writable = null;
        Broken = null;
    }
}
