using System.Text;

namespace Bgp.Config;

/// <summary>
/// The name of a file whose text is a TCP MD5 key; it is read with the configuration. Relative names are relative to the router file's
/// folder.
/// </summary>
internal sealed class PasswordFileKind : ValueKind<PasswordFile>
{
    /// <summary>A key of 80 bytes and a line end, with room to say that it is too long.</summary>
    private const int MaxBytes = 128;

    public override string Expects => "the name of a file with a key of 1 to 80 bytes";

    public override bool TryRead(ConfigNode node, BindContext context, out PasswordFile value)
    {
        value = new PasswordFile("", new Secret(""));
        if (node is not ScalarNode { IsNull: false } scalar || scalar.Text.Length == 0 || scalar.Text.Contains('\0'))
        {
            context.Faults.Add(node, $"is {node.Noun}; write {Expects}");
            return false;
        }

        string? wrong;
        try
        {
            var key = ReadKey(Path.Combine(context.Folder, scalar.Text));
            value = new PasswordFile(scalar.Text, new Secret(key));
            wrong = PeerKinds.KeyFault(key) is { } fault ? $"names a file whose text {fault}; write {Expects}" : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            wrong = $"is {node.Noun}: {FileWords.WhyUnread(Path.Combine(context.Folder, scalar.Text), exception)}; write {Expects}";
        }

        if (wrong is not null)
        {
            context.Faults.Add(node, wrong);
        }

        return wrong is null;
    }

    public override ConfigNode Write(PasswordFile value, WriteContext context) => ScalarNode.String(value.Path);

    private static string ReadKey(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MaxBytes];
        var length = file.ReadAtLeast(bytes, MaxBytes, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
    }
}
