using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bgp.Config;

/// <summary>
/// Text → document. Walks the events of YamlDotNet's parser (JSON is YAML, so JSON files work too) and builds nodes that know where they stand.
/// Nothing is bound by reflection, so that the program stays trim-clean. What YAML allows and a router file does not need is refused here:
/// several documents, tags, keys that are not plain text, and duplicate keys. Aliases are copied, up to a bound, so that a file of a few lines
/// cannot grow into gigabytes.
/// </summary>
internal sealed class DocumentReader
{
    /// <summary>Characters of a file; a router with 10,000 neighbors needs about 3 million.</summary>
    public const int MaxCharacters = 16 * 1024 * 1024;

    /// <summary>Lists and maps within each other; the schema needs 8.</summary>
    public const int MaxDepth = 32;

    /// <summary>Nodes made by aliases, over the whole file.</summary>
    public const int MaxAliasedNodes = 50_000;

    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly FaultList _faults;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private int _aliasedNodes;
    private bool _aliasBoundReported;

    private DocumentReader(string text, FaultList faults)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        _faults = faults;
    }

    /// <summary>
    /// The document's root: an empty map when there is no text; <c>null</c> when the text is not YAML, which is then a fault.
    /// </summary>
    public static ConfigNode? Read(string text, FaultList faults)
    {
        if (text.Length > MaxCharacters)
        {
            faults.Add(new Position(1, 1), "", string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters; at most {MaxCharacters} are read"));
            return null;
        }

        var reader = new DocumentReader(text, faults);
        try
        {
            return reader.ReadStream();
        }
        catch (YamlException exception)
        {
            // Of a tab, the parser says where the map began that it stands in.
            var isTab = exception.Message.Contains(" tab ", StringComparison.Ordinal);
            faults.Add(At(isTab ? reader._scanner.CurrentPosition : exception.Start), "", $"is not valid YAML: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
            return null;
        }
    }

    private ConfigNode? ReadStream()
    {
        Next();
        Next();
        if (_parser.Current is StreamEnd)
        {
            return new MapNode(new Position(1, 1), "", []);
        }

        Next();
        var root = ReadNode("", 0);
        Next();
        if (_parser.Current is DocumentStart second)
        {
            _faults.Add(At(second.Start), "", "starts a second document; a router file is one document, without '---' in the middle");
            return null;
        }

        return root;
    }

    private ConfigNode ReadNode(string path, int depth)
    {
        var current = Current;
        var start = At(current.Start);
        if (current is AnchorAlias alias)
        {
            Next();
            return ReadAlias(alias, start, path);
        }

        // Where a key is missing (": x") the parser's events do not pair up, and can end early (see the fuzz tests).
        if (current is not NodeEvent node)
        {
            throw new YamlException(current.Start, current.End, "a value is missing here");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _faults.Add(start, path, $"has the tag '{node.Tag.Value}'; tags are not used here, leave it out");
        }

        if (depth >= MaxDepth && node is not Scalar)
        {
            _faults.Add(start, path, string.Create(CultureInfo.InvariantCulture, $"lies deeper than {MaxDepth} lists and maps"));
            Skip();
            return new ScalarNode(start, path, "", ScalarForm.Plain);
        }

        ConfigNode read = node switch
        {
            SequenceStart => ReadList(start, path, depth),
            MappingStart => ReadMap(start, path, depth),
            _ => ReadScalar((Scalar)node, start, path),
        };
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = read;
        }

        return read;
    }

    private ScalarNode ReadScalar(Scalar scalar, Position start, string path)
    {
        Next();
        return new ScalarNode(start, path, scalar.Value, scalar.Style is ScalarStyle.Plain ? ScalarForm.Plain : ScalarForm.Text);
    }

    private ListNode ReadList(Position start, string path, int depth)
    {
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        Next();
        while (Current is not SequenceEnd)
        {
            items.Add(ReadNode(string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), depth + 1));
        }

        Next();
        return new ListNode(start, path, items.DrainToImmutable());
    }

    private MapNode ReadMap(Position start, string path, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<MapEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        Next();
        while (Current is not MappingEnd)
        {
            var keyAt = At(Current.Start);
            if (Current is not (NodeEvent or AnchorAlias))
            {
                throw new YamlException(Current.Start, Current.End, "a key is missing before ':'");
            }

            if (Current is not Scalar key)
            {
                _faults.Add(keyAt, path, "has a key that is not plain text");
                Skip();
                Skip();
                continue;
            }

            Next();
            var value = ReadNode(ConfigNode.Join(path, key.Value), depth + 1);
            if (seen.TryGetValue(key.Value, out var first))
            {
                _faults.Add(keyAt, value.Path, string.Create(CultureInfo.InvariantCulture, $"is given twice; the first is in line {first.Line}"));
                continue;
            }

            seen.Add(key.Value, keyAt);
            entries.Add(new MapEntry(key.Value, keyAt, value));
        }

        Next();
        return new MapNode(start, path, entries.DrainToImmutable());
    }

    private ConfigNode ReadAlias(AnchorAlias alias, Position start, string path)
    {
        if (_anchors.TryGetValue(alias.Value.Value, out var target))
        {
            return Copy(target, path);
        }

        _faults.Add(start, path, $"refers to '*{alias.Value.Value}', but nothing above is marked '&{alias.Value.Value}'; text that begins with '*' needs quotes");
        return new ScalarNode(start, path, "", ScalarForm.Plain);
    }

    /// <summary>The alias's target under another path; its place stays that of the text, which is what a user has to mend.</summary>
    private ConfigNode Copy(ConfigNode node, string path)
    {
        if (++_aliasedNodes > MaxAliasedNodes)
        {
            if (!_aliasBoundReported)
            {
                _aliasBoundReported = true;
                _faults.Add(node.At, path, string.Create(CultureInfo.InvariantCulture, $"is repeated by aliases too often: they may stand for {MaxAliasedNodes} values in all"));
            }

            return new ScalarNode(node.At, path, "", ScalarForm.Plain);
        }

        return node switch
        {
            ListNode list => new ListNode(list.At, path,
                [.. list.Items.Select((item, index) => Copy(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")))]),
            MapNode map => new MapNode(map.At, path,
                [.. map.Entries.Select(entry => entry with { Value = Copy(entry.Value, ConfigNode.Join(path, entry.Key)) })]),
            _ => new ScalarNode(node.At, path, ((ScalarNode)node).Text, ((ScalarNode)node).Form),
        };
    }

    /// <summary>Passes over the current node with everything in it.</summary>
    private void Skip()
    {
        var open = 0;
        do
        {
            open += Current.NestingIncrease;
            Next();
        }
        while (open > 0);
    }

    /// <summary>The event at hand; that there is none is the text's fault, see <see cref="ReadNode"/>.</summary>
    private ParsingEvent Current => _parser.Current ?? throw new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, "a key is missing before ':'");

    /// <summary>
    /// The next event. Of an unquoted text that goes on where it cannot, the scanner says so with an exception of another type (see the
    /// fuzz tests).
    /// </summary>
    private void Next()
    {
        try
        {
            _parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            var at = _scanner.CurrentPosition;
            throw new YamlException(at, at, "text without quotes cannot go on here; is a ',', ']' or '}' missing before?");
        }
    }

    private static Position At(Mark mark) => new(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));
}
