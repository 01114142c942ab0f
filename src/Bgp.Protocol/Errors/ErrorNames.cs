using System.Globalization;

namespace Bgp.Protocol;

/// <summary>The words of IANA's registry for codes and subcodes.</summary>
internal static class ErrorNames
{
    public static string Describe(NotificationCode code, byte subcode)
    {
        var detail = Subcode(code, subcode);
        return detail is null ? Code(code) : $"{Code(code)} / {detail}";
    }

    private static string Code(NotificationCode code) => code switch
    {
        0 => "no error",
        NotificationCode.MessageHeaderError => "Message Header Error",
        NotificationCode.OpenMessageError => "OPEN Message Error",
        NotificationCode.UpdateMessageError => "UPDATE Message Error",
        NotificationCode.HoldTimerExpired => "Hold Timer Expired",
        NotificationCode.FiniteStateMachineError => "Finite State Machine Error",
        NotificationCode.Cease => "Cease",
        NotificationCode.RouteRefreshMessageError => "ROUTE-REFRESH Message Error",
        NotificationCode.SendHoldTimerExpired => "Send Hold Timer Expired",
        _ => string.Create(CultureInfo.InvariantCulture, $"error code {(byte)code}"),
    };

    private static string? Subcode(NotificationCode code, byte subcode)
    {
        if (subcode == 0)
        {
            return null;
        }

        var name = code switch
        {
            NotificationCode.MessageHeaderError => Header((HeaderSubcode)subcode),
            NotificationCode.OpenMessageError => Open((OpenSubcode)subcode),
            NotificationCode.UpdateMessageError => Update((UpdateSubcode)subcode),
            NotificationCode.FiniteStateMachineError => Fsm((FsmSubcode)subcode),
            NotificationCode.Cease => Cease((CeaseSubcode)subcode),
            NotificationCode.RouteRefreshMessageError when subcode == (byte)RefreshSubcode.InvalidMessageLength => "Invalid Message Length",
            _ => null,
        };
        return name ?? string.Create(CultureInfo.InvariantCulture, $"subcode {subcode}");
    }

    private static string? Header(HeaderSubcode subcode) => subcode switch
    {
        HeaderSubcode.ConnectionNotSynchronized => "Connection Not Synchronized",
        HeaderSubcode.BadMessageLength => "Bad Message Length",
        HeaderSubcode.BadMessageType => "Bad Message Type",
        _ => null,
    };

    private static string? Open(OpenSubcode subcode) => subcode switch
    {
        OpenSubcode.UnsupportedVersionNumber => "Unsupported Version Number",
        OpenSubcode.BadPeerAs => "Bad Peer AS",
        OpenSubcode.BadBgpIdentifier => "Bad BGP Identifier",
        OpenSubcode.UnsupportedOptionalParameter => "Unsupported Optional Parameter",
        OpenSubcode.UnacceptableHoldTime => "Unacceptable Hold Time",
        OpenSubcode.UnsupportedCapability => "Unsupported Capability",
        OpenSubcode.RoleMismatch => "Role Mismatch",
        _ => null,
    };

    private static string? Update(UpdateSubcode subcode) => subcode switch
    {
        UpdateSubcode.MalformedAttributeList => "Malformed Attribute List",
        UpdateSubcode.UnrecognizedWellKnownAttribute => "Unrecognized Well-known Attribute",
        UpdateSubcode.MissingWellKnownAttribute => "Missing Well-known Attribute",
        UpdateSubcode.AttributeFlagsError => "Attribute Flags Error",
        UpdateSubcode.AttributeLengthError => "Attribute Length Error",
        UpdateSubcode.InvalidOrigin => "Invalid ORIGIN Attribute",
        UpdateSubcode.InvalidNextHop => "Invalid NEXT_HOP Attribute",
        UpdateSubcode.OptionalAttributeError => "Optional Attribute Error",
        UpdateSubcode.InvalidNetworkField => "Invalid Network Field",
        UpdateSubcode.MalformedAsPath => "Malformed AS_PATH",
        _ => null,
    };

    private static string? Fsm(FsmSubcode subcode) => subcode switch
    {
        FsmSubcode.UnexpectedMessageInOpenSent => "Receive Unexpected Message in OpenSent State",
        FsmSubcode.UnexpectedMessageInOpenConfirm => "Receive Unexpected Message in OpenConfirm State",
        FsmSubcode.UnexpectedMessageInEstablished => "Receive Unexpected Message in Established State",
        _ => null,
    };

    private static string? Cease(CeaseSubcode subcode) => subcode switch
    {
        CeaseSubcode.MaximumNumberOfPrefixesReached => "Maximum Number of Prefixes Reached",
        CeaseSubcode.AdministrativeShutdown => "Administrative Shutdown",
        CeaseSubcode.PeerDeconfigured => "Peer De-configured",
        CeaseSubcode.AdministrativeReset => "Administrative Reset",
        CeaseSubcode.ConnectionRejected => "Connection Rejected",
        CeaseSubcode.OtherConfigurationChange => "Other Configuration Change",
        CeaseSubcode.ConnectionCollisionResolution => "Connection Collision Resolution",
        CeaseSubcode.OutOfResources => "Out of Resources",
        CeaseSubcode.HardReset => "Hard Reset",
        CeaseSubcode.BfdDown => "BFD Down",
        _ => null,
    };
}
