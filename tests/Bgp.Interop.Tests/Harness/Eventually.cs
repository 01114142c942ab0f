using System.Diagnostics;

namespace Bgp.Interop.Tests;

/// <summary>Waits for other processes: asks again until the answer is right, and fails with the last answer when the deadline has passed.</summary>
internal static class Eventually
{
    /// <summary>Generous, for slow machines; a wait that succeeds takes only as long as it must.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns the first answer that satisfies the condition.</summary>
    public static T Get<T>(string what, Func<T> ask, Func<T, bool> condition)
    {
        var elapsed = Stopwatch.StartNew();
        while (true)
        {
            var answer = ask();
            if (condition(answer))
            {
                return answer;
            }

            if (elapsed.Elapsed > Deadline)
            {
                throw new AssertionException($"Not within {Deadline.TotalSeconds:0} s: {what}. Last answer: {answer?.ToString() ?? "none"}");
            }

            Thread.Sleep(Pause);
        }
    }

    /// <summary>Returns the first answer that is not null.</summary>
    public static T Some<T>(string what, Func<T?> ask)
        where T : class => Get(what, ask, answer => answer is not null)!;

    public static void Holds(string what, Func<bool> condition) => Get(what, condition, holds => holds);
}
