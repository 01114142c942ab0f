namespace Bgp.Fuzzing;

/// <summary>What an input came to.</summary>
/// <param name="Kind">The same for inputs that go the same way: an input of a kind that the corpus lacks is worth keeping.</param>
/// <param name="Digest">Everything that was decoded: it depends on the input and on nothing around it.</param>
internal readonly record struct FuzzOutcome(int Kind, int Digest);
