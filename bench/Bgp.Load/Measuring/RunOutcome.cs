namespace Bgp.Load;

/// <summary>What became of a run.</summary>
internal enum RunOutcome
{
    /// <summary>Every receiver had what it should.</summary>
    Converged,

    /// <summary>The time limit was reached.</summary>
    Timeout,

    /// <summary>The memory limit was reached, and the daemon was killed.</summary>
    Memory,

    /// <summary>The daemon ended or dropped sessions by itself, or it cannot do what the scenario asks for.</summary>
    Failed,
}
