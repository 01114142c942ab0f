using System.Text;

namespace Bgp.Daemon.Tests;

internal sealed class HttpResponseReaderTests
{
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [TestCase("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 404, "")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", 200, "hello")]
    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", 200, "hello")]
    public async Task Read_WholeResponse_GivesStatusAndBody(string response, int status, string body)
    {
        // A byte a read: every split there is.
        using var stream = new DripStream(Encoding.ASCII.GetBytes(response));

        var read = await new HttpResponseReader(stream).ReadAsync(CancellationToken.None);

        Assert.That((read.Status, Encoding.ASCII.GetString(read.Body)), Is.EqualTo((status, body)));
    }

    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n")]
    [TestCase("SSH-2.0-OpenSSH\r\n")]
    public void Read_CutShortOrNonsense_Throws(string response)
    {
        using var stream = new DripStream(Encoding.ASCII.GetBytes(response));

        Assert.That(async () => await new HttpResponseReader(stream).ReadAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
    }

    private sealed class DripStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..1], cancellationToken);
    }
}
