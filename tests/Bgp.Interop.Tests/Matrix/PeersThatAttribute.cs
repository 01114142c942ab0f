using System.Collections;
using NUnit.Framework.Interfaces;

namespace Bgp.Interop.Tests;

/// <summary>Runs a test with each peer that has no limit (<see cref="PeerLimits"/>) for what it needs.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class PeersThatAttribute(PeerNeed need) : NUnitAttribute, IParameterDataSource
{
    public PeerNeed Need => need;

    public IEnumerable GetData(IParameterInfo parameter) => Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, need));
}
