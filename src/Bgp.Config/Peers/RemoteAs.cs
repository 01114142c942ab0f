using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A neighbor's AS: a number, our own (<see cref="Internal"/>), or any other than our own (<see cref="External"/>).</summary>
public readonly record struct RemoteAs(RemoteAsKind Kind, Asn Number)
{
    public static readonly RemoteAs External = new(RemoteAsKind.External, default);
    public static readonly RemoteAs Internal = new(RemoteAsKind.Internal, default);

    public static RemoteAs Of(Asn number) => new(RemoteAsKind.Number, number);
}
