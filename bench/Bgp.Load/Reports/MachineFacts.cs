using System.Globalization;
using System.Runtime.InteropServices;

namespace Bgp.Load;

/// <summary>What the numbers were measured on.</summary>
/// <param name="Text">In one sentence or two.</param>
internal sealed record MachineFacts(string Text)
{
    private const double Gibibyte = 1L << 30;

    /// <summary>This machine, now.</summary>
    public static MachineFacts Read()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte;
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"These are of {DateTime.UtcNow:d MMMM yyyy}, on {Environment.ProcessorCount} cores ({processor}) with {memory:0} GiB, Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}."));
    }
}
