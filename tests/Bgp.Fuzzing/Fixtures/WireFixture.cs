using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>A message of <c>tests/Fixtures/messages.txt</c>: what stands on the wire, and what it means.</summary>
public sealed record WireFixture(string Name, string From, CodecProfile Profile, byte[] Message, string Means)
{
    public static IReadOnlyList<WireFixture> All { get; } = Load();

    public static IEnumerable<WireFixture> Updates => All.Where(static fixture => fixture.Type == MessageType.Update);

    public MessageType Type => (MessageType)Message[BgpConstants.HeaderLength - 1];

    public ReadOnlySpan<byte> Body => Message.AsSpan(BgpConstants.HeaderLength);

    public static WireFixture Get(string name) => All.Single(fixture => fixture.Name == name);

    public override string ToString() => Name;

    private static List<WireFixture> Load()
    {
        List<WireFixture> fixtures = [];
        Dictionary<string, string> fields = [];
        var path = Path.Combine(AppContext.BaseDirectory, "messages.txt");
        foreach (var line in File.ReadLines(path).Append(""))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Length != 0)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                fields.Add(line[..colon], line[(colon + 1)..].Trim());
            }
            else if (fields.Count != 0)
            {
                fixtures.Add(Parse(fields));
                fields.Clear();
            }
        }

        return fixtures;
    }

    private static WireFixture Parse(Dictionary<string, string> fields)
    {
        var flags = fields.TryGetValue("profile", out var profile) ? Enum.Parse<CodecFlags>(profile) : CodecFlags.FourOctetAs;
        return new WireFixture(
            fields["name"],
            fields["from"],
            new CodecProfile(flags, BgpConstants.MaxMessageLength),
            Convert.FromHexString(fields["hex"].Replace(" ", "", StringComparison.Ordinal)),
            fields["means"]);
    }
}
