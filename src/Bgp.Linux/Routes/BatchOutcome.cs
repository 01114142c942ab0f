namespace Bgp.Linux;

/// <summary>What is known after a batch.</summary>
public enum BatchOutcome
{
    /// <summary>Every message is applied but those reported as failures.</summary>
    Known,

    /// <summary>Answers are lost: what of the batch is applied must be learned by reading the routes.</summary>
    Unknown,
}
