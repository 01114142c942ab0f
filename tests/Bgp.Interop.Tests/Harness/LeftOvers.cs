namespace Bgp.Interop.Tests;

/// <summary>Before the first test: sweeps what killed runs left, and says what is missing once instead of in every test.</summary>
[SetUpFixture]
internal sealed class LeftOvers
{
    [OneTimeSetUp]
    public void Sweep()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new AssertionException("these tests make network namespaces, which needs root");
        }

        Command.Require("ip", "iproute2");
        NetworkNamespace.SweepLeftOvers();
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath()).Where(path => Owner.IsLeftOver(Path.GetFileName(path))))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
