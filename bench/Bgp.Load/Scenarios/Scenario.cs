namespace Bgp.Load;

/// <summary>
/// One thing that is measured. It says who the clients are, what they announce, and what each receiver must have in the end; and runs that.
/// </summary>
internal abstract class Scenario
{
    /// <summary>How it is named on the command line and in tables.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public abstract string Title { get; }

    /// <summary>Whether there is a floor: not where it is about what a relay does not have, such as policy, or routes that a client that comes back is told.</summary>
    public virtual bool HasFloor => true;

    /// <summary>Makes the plan; the same one each time.</summary>
    /// <param name="scale">Shrinks the number of routes.</param>
    public abstract LoadPlan Plan(double scale);

    /// <summary>Runs and measures. By default: all sessions up, everybody announces, until every receiver has everything.</summary>
    /// <returns>What is wrong beside the receivers' tables.</returns>
    /// <exception cref="LoadException">It did not converge.</exception>
    public virtual CheckResult Run(LoadRun run)
    {
        run.Establish();
        run.MeasureConvergence(run.AnnounceAll);
        run.Rest();
        return default;
    }

    /// <summary>A number of routes at a scale, at least one.</summary>
    protected static int Scaled(int full, double scale) => Math.Max(1, (int)(full * scale));
}
