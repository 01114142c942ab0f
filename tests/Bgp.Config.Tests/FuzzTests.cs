using System.Text;

namespace Bgp.Config.Tests;

/// <summary>Whatever a file says, reading it ends in a configuration or in faults with a place, never in an exception.</summary>
[TestFixture]
internal sealed class FuzzTests
{
    private const int MutationsASeed = 400;

    private static readonly string[] Splices = ["\n", "\t", ": ", "- ", "[", "]", "{", "}", "*a", "&a ", "!!x ", "|", ">", "\"", "'", "#", "%", "---\n", "?", "0", "99999999999", "-1", "null", "~", "é", "\0", "\ud800", "\\x41", "\"\\U00110000\"", "<<: *a", "10.0.0.0/33", "1h", "\u2028", "\ufeff", "\r", "64512:*", "rt:*:*", "..", "_(", "{1,9}", "set-0 "];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void RouterFile_Mutated_IsReadOrFaulted(int seed)
    {
        var random = new Random(seed);
        var config = new ConfigGenerator(seed).Next();
        string[] originals = [RouterConfigPrinter.ToYaml(config), RouterConfigPrinter.ToYaml(config, all: true), RouterConfigPrinter.ToJson(config)];
        for (var index = 0; index < MutationsASeed; index++)
        {
            var text = Mutate(originals[index % originals.Length], random);

            var result = RouterConfigFile.Parse(text, Routers.File);

            if (result.Config is null == result.Faults.IsEmpty || result.Faults.Any(static fault => fault.Line < 1 || fault.Column < 1 || fault.Message.Length == 0))
            {
                Assert.Fail($"seed {seed}, mutation {index}: neither a configuration nor faults with a place:\n{text}");
            }
        }
    }

    private static string Mutate(string original, Random random)
    {
        var text = new StringBuilder(original);
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                    break;
                case 1:
                    text[at] = (char)random.Next(1, 256);
                    break;
                case 2:
                    text.Insert(at, original.AsSpan(random.Next(original.Length / 2), random.Next(1, original.Length / 2)));
                    break;
                default:
                    text.Insert(at, Splices[random.Next(Splices.Length)]);
                    break;
            }

            if (text.Length == 0)
            {
                text.Append('x');
            }
        }

        return text.ToString();
    }
}
