namespace Bgp.Config;

/// <summary>
/// A key that is never printed: its text is only had by asking for it. Equal by value, so that a changed key is a changed configuration.
/// </summary>
public sealed class Secret(string text) : IEquatable<Secret>
{
    /// <summary>What stands in place of a secret in everything that is printed.</summary>
    public const string Placeholder = "<secret>";

    private readonly string _text = text;

    /// <summary>The key itself; for the socket option only.</summary>
    public string Reveal() => _text;

    public bool Equals(Secret? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Placeholder;
}
