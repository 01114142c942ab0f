namespace Bgp.Load;

/// <summary>A run that cannot go on, with the reason for the results.</summary>
/// <param name="outcome">What became of it.</param>
/// <param name="message">Why.</param>
internal sealed class LoadException(RunOutcome outcome, string message) : Exception(message)
{
    public RunOutcome Outcome { get; } = outcome;
}
