namespace Bgp.Simulation;

/// <summary>A connect in progress. Over once it was answered, failed or was cancelled; none of the callbacks comes after that.</summary>
internal sealed class ConnectAttempt(Action<SimSocket> opened, Action<string> failed)
{
    public bool IsOver { get; private set; }

    public void Cancel() => IsOver = true;

    public void Succeed(SimSocket socket)
    {
        IsOver = true;
        opened(socket);
    }

    public void Fail(string reason)
    {
        if (!IsOver)
        {
            IsOver = true;
            failed(reason);
        }
    }
}
