namespace Bgp.Interop.Tests;

/// <summary>Before the first test: sweeps what killed runs left, and says once what is missing. After the last one: sweeps what this run left.</summary>
[SetUpFixture]
internal sealed class LeftOvers
{
    [OneTimeSetUp]
    public void SweepLeftOvers()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new AssertionException("these tests make network namespaces, which needs root");
        }

        Command.Require("ip", "iproute2");
        Sweep(Owner.IsLeftOver);
    }

    /// <summary>For what a failure in the middle of building something has left.</summary>
    [OneTimeTearDown]
    public void SweepOurs() => Sweep(Owner.IsOurs);

    private static void Sweep(Func<string, bool> pick)
    {
        NetworkNamespace.Sweep(pick);
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath()).Where(path => pick(Path.GetFileName(path))))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
