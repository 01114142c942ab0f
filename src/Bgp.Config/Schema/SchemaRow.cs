namespace Bgp.Config;

/// <summary>A field of the schema as a reader of the reference sees it.</summary>
/// <param name="Path">From the root, such as <c>neighbors[].holdTime</c>.</param>
/// <param name="Expects">What values it takes.</param>
/// <param name="Default">The default as it would be written; <c>required</c> where there is none.</param>
/// <param name="Reload">What a change does on reload.</param>
/// <param name="Support">Whether this build acts on it.</param>
/// <param name="Summary">What it means, in a sentence.</param>
internal sealed record SchemaRow(string Path, string Expects, string Default, ReloadClass Reload, Support Support, string Summary);
