using System.Globalization;
using System.Text;

namespace Bgp.Daemon;

/// <summary>Reads one HTTP/1.1 response (RFC 9112) of a server that we trust: status, and a body by Content-Length, in chunks, or to the end.</summary>
internal sealed class HttpResponseReader(Stream stream)
{
    private const int MaxLine = 8192;

    private readonly byte[] _buffer = new byte[65536];
    private int _begin;
    private int _end;

    /// <exception cref="IOException">The response is cut short or makes no sense.</exception>
    public async Task<(int Status, byte[] Body)> ReadAsync(CancellationToken cancellationToken)
    {
        var statusLine = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (statusLine.Split(' ') is not ["HTTP/1.1", var code, ..] || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new IOException("what answers there is not the daemon");
        }

        long? length = null;
        var isChunked = false;
        while (await ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            var value = header[(colon + 1)..].Trim();
            switch (header[..Math.Max(colon, 0)].ToLowerInvariant())
            {
                case "content-length":
                    length = long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "transfer-encoding":
                    isChunked = value.Equals("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }

        using var body = new MemoryStream();
        if (isChunked)
        {
            await ReadChunksAsync(body, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await CopyAsync(body, length, cancellationToken).ConfigureAwait(false);
        }

        return (status, body.ToArray());
    }

    private async Task ReadChunksAsync(MemoryStream body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (!long.TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
            {
                throw new IOException("the answer makes no sense");
            }

            await CopyAsync(body, size, cancellationToken).ConfigureAwait(false);
            await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (size == 0)
            {
                return;
            }
        }
    }

    /// <summary>Copies that many bytes; with <c>null</c> all that comes.</summary>
    private async Task CopyAsync(MemoryStream body, long? length, CancellationToken cancellationToken)
    {
        var rest = length ?? long.MaxValue;
        while (rest > 0)
        {
            if (_begin == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                if (length is null)
                {
                    return;
                }

                throw new IOException("the answer was cut short");
            }

            var count = (int)Math.Min(rest, _end - _begin);
            body.Write(_buffer, _begin, count);
            _begin += count;
            rest -= count;
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length < MaxLine)
        {
            if (_begin == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new IOException("the answer was cut short");
            }

            var character = (char)_buffer[_begin++];
            if (character == '\n')
            {
                return line.ToString();
            }

            if (character != '\r')
            {
                line.Append(character);
            }
        }

        throw new IOException("the answer makes no sense");
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _begin = 0;
        _end = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
        return _end > 0;
    }
}
