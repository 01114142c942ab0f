namespace Bgp.Load;

/// <summary>What is not as it should be; all zero is right.</summary>
/// <param name="Missing">Prefixes that a receiver should have and has not.</param>
/// <param name="Extra">Prefixes that it has and should not, its own among them.</param>
/// <param name="Wrong">Prefixes with another path than the best one, or with attributes that are not the path's.</param>
internal readonly record struct CheckResult(long Missing, long Extra, long Wrong)
{
    public bool IsRight => this == default;

    public static CheckResult operator +(CheckResult left, CheckResult right) =>
        new(left.Missing + right.Missing, left.Extra + right.Extra, left.Wrong + right.Wrong);

    /// <inheritdoc cref="op_Addition"/>
    public static CheckResult Add(CheckResult left, CheckResult right) => left + right;
}
