using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bgp.Load;

/// <summary>What one run of one scenario with one daemon gave: a file of its own, so that a broken-off comparison goes on where it was.</summary>
internal sealed record RunResult
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public required string Scenario { get; init; }

    public required string Daemon { get; init; }

    public required string Version { get; init; }

    /// <summary>1 is the scenario's full size.</summary>
    public required double Scale { get; init; }

    public RunOutcome Outcome { get; init; }

    /// <summary>Why it did not converge.</summary>
    public string? Reason { get; init; }

    /// <summary>From the first byte sent to the last needed byte at the last receiver, in seconds.</summary>
    public double WallSeconds { get; init; }

    /// <summary>The CPU of all the daemon's processes in that time, in seconds.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>The CPU of the load generator in that time, in seconds.</summary>
    public double LoadCpuSeconds { get; init; }

    public double PeakMiB { get; init; }

    /// <summary>Resident a few seconds after the end.</summary>
    public double RestMiB { get; init; }

    public long Missing { get; init; }

    public long Extra { get; init; }

    public long Wrong { get; init; }

    /// <summary>What the scenario measures besides, by name with unit.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init; } = new Dictionary<string, double>();

    public static RunResult Read(string path) => JsonSerializer.Deserialize<RunResult>(File.ReadAllText(path), Format)
        ?? throw new InvalidDataException($"{path}: no result");

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format) + "\n");
}
