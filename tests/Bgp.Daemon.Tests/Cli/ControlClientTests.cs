using System.Net.Sockets;
using System.Text;

namespace Bgp.Daemon.Tests;

/// <summary>The command line's side of the control socket.</summary>
internal sealed class ControlClientTests
{
    private const int Times = 200;

    [Test]
    [CancelAfter(60_000)]
    public async Task Answer_DaemonClosesRightAfterIt_IsRead(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "bgp.sock");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            var serving = ServeAsync(listener, cancel);

            for (var time = 0; time < Times; time++)
            {
                Assert.That(await new ControlClient(path).PostAsync("/api/v1/reload", cancel), Is.EqualTo("ok"u8.ToArray()));
            }

            await serving;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ServeAsync(Socket listener, CancellationToken cancel)
    {
        var request = new byte[4096];
        for (var time = 0; time < Times; time++)
        {
            using var connection = await listener.AcceptAsync(cancel);
            var read = 0;
            while (!request.AsSpan(0, read).EndsWith("\r\n\r\n"u8))
            {
                read += await connection.ReceiveAsync(request.AsMemory(read), cancel);
            }

            await connection.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"), cancel);
        }
    }
}
