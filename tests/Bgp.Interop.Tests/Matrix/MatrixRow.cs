namespace Bgp.Interop.Tests;

/// <summary>A line of the table in docs/interop.md.</summary>
internal sealed record MatrixRow(string Title, PeerNeed Need, params IReadOnlyList<MatrixTest> Tests)
{
    public override string ToString() => Title;
}
