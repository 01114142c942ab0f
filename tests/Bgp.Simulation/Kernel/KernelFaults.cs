namespace Bgp.Simulation;

/// <summary>How often a kernel does what one does not wish for, in percent.</summary>
public sealed record KernelFaults(int RefusedPercent, int LostAnswerPercent, int LostEventPercent, int FailedDumpPercent)
{
    public static readonly KernelFaults None = new(0, 0, 0, 0);

    public static readonly KernelFaults Some = new(10, 10, 30, 20);
}
