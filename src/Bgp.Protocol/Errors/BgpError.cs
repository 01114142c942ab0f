using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Bgp.Protocol;

/// <summary>
/// The code, subcode and data of a NOTIFICATION (RFC 4271 §4.5): what went wrong, as a value that serves as log field and as message.
/// Two errors are equal when all their bytes are.
/// </summary>
public readonly record struct BgpError(NotificationCode Code, byte Subcode, ReadOnlyMemory<byte> Data = default)
{
    /// <summary>The longest shutdown communication in octets of UTF-8 (RFC 9003 §2).</summary>
    public const int MaxShutdownTextLength = 255;

    /// <summary>The absent error: code 0.</summary>
    public static readonly BgpError None;

    private const int MaximumPrefixesLength = 7;

    public static readonly BgpError HoldTimerExpired = new(NotificationCode.HoldTimerExpired, 0);

    public static readonly BgpError SendHoldTimerExpired = new(NotificationCode.SendHoldTimerExpired, 0);

    public bool IsNone => Code == 0;

    public static BgpError Header(HeaderSubcode subcode, ReadOnlyMemory<byte> data = default) =>
        new(NotificationCode.MessageHeaderError, (byte)subcode, data);

    public static BgpError Open(OpenSubcode subcode, ReadOnlyMemory<byte> data = default) =>
        new(NotificationCode.OpenMessageError, (byte)subcode, data);

    public static BgpError Update(UpdateSubcode subcode, ReadOnlyMemory<byte> data = default) =>
        new(NotificationCode.UpdateMessageError, (byte)subcode, data);

    public static BgpError Fsm(FsmSubcode subcode) => new(NotificationCode.FiniteStateMachineError, (byte)subcode);

    public static BgpError Refresh(RefreshSubcode subcode, ReadOnlyMemory<byte> data = default) =>
        new(NotificationCode.RouteRefreshMessageError, (byte)subcode, data);

    /// <summary>Cease, Maximum Number of Prefixes Reached, with the family and the bound (RFC 4486 §4).</summary>
    public static BgpError MaximumPrefixes(AddressFamily family, uint limit)
    {
        var data = new byte[MaximumPrefixesLength];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)family.Afi);
        data[2] = (byte)family.Safi;
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(3), limit);
        return new BgpError(NotificationCode.Cease, (byte)CeaseSubcode.MaximumNumberOfPrefixesReached, data);
    }

    /// <summary>Whether it is what <see cref="MaximumPrefixes"/> makes, and of which family.</summary>
    public bool IsMaximumPrefixes(out AddressFamily family)
    {
        family = default;
        if ((Code, Subcode, Data.Length) != (NotificationCode.Cease, (byte)CeaseSubcode.MaximumNumberOfPrefixesReached, MaximumPrefixesLength))
        {
            return false;
        }

        family = new AddressFamily((Afi)BinaryPrimitives.ReadUInt16BigEndian(Data.Span), (Safi)Data.Span[2]);
        return true;
    }

    public static BgpError Cease(CeaseSubcode subcode) => new(NotificationCode.Cease, (byte)subcode);

    /// <summary>
    /// A Cease with a shutdown communication for people (RFC 9003 §2). Text over <see cref="MaxShutdownTextLength"/> octets is cut at a
    /// character. Only Administrative Shutdown and Administrative Reset carry text; with no text the data is empty.
    /// </summary>
    public static BgpError Cease(CeaseSubcode subcode, string text)
    {
        if (text.Length == 0 || subcode is not (CeaseSubcode.AdministrativeShutdown or CeaseSubcode.AdministrativeReset))
        {
            return Cease(subcode);
        }

        Span<byte> utf8 = stackalloc byte[MaxShutdownTextLength];
        Encoding.UTF8.GetEncoder().Convert(text, utf8, flush: true, out _, out var used, out _);
        var data = new byte[used + 1];
        data[0] = (byte)used;
        utf8[..used].CopyTo(data.AsSpan(1));
        return new BgpError(NotificationCode.Cease, (byte)subcode, data);
    }

    /// <summary>A Hard Reset that carries the real reason within (RFC 8538 §3.1).</summary>
    public static BgpError HardReset(in BgpError reason)
    {
        var data = new byte[2 + reason.Data.Length];
        data[0] = (byte)reason.Code;
        data[1] = reason.Subcode;
        reason.Data.Span.CopyTo(data.AsSpan(2));
        return new BgpError(NotificationCode.Cease, (byte)CeaseSubcode.HardReset, data);
    }

    /// <summary>Whether this is a Hard Reset; <paramref name="reason"/> is then what it carries, or itself where it carries nothing.</summary>
    public bool TryUnwrapHardReset(out BgpError reason)
    {
        reason = this;
        if (Code != NotificationCode.Cease || Subcode != (byte)CeaseSubcode.HardReset)
        {
            return false;
        }

        if (Data.Length >= 2)
        {
            reason = new BgpError((NotificationCode)Data.Span[0], Data.Span[1], Data[2..]);
        }

        return true;
    }

    /// <summary>
    /// The shutdown communication (RFC 9003), null where there is none or its length field lies. Octets that are not UTF-8 become
    /// U+FFFD, and so do control and format characters, such as those that turn the direction of writing: the text comes from a peer and goes to terminals.
    /// </summary>
    public string? ShutdownText
    {
        get
        {
            if (Code != NotificationCode.Cease
                || Subcode is not ((byte)CeaseSubcode.AdministrativeShutdown or (byte)CeaseSubcode.AdministrativeReset)
                || Data.Length < 2 || Data.Span[0] == 0 || Data.Span[0] > Data.Length - 1)
            {
                return null;
            }

            var text = Encoding.UTF8.GetString(Data.Span.Slice(1, Data.Span[0]));
            return string.Create(text.Length, text, static (characters, source) =>
            {
                for (var i = 0; i < characters.Length; i++)
                {
                    characters[i] = IsPrintable(source[i]) ? source[i] : '\uFFFD';
                }
            });
        }
    }

    private static bool IsPrintable(char character) => char.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    public bool Equals(BgpError other) => Code == other.Code && Subcode == other.Subcode && Data.Span.SequenceEqual(other.Data.Span);

    public override int GetHashCode() => ((int)Code << 16) | (Subcode << 8) | (byte)Data.Length;

    /// <summary>The registry's words: <c>UPDATE Message Error / Malformed AS_PATH</c>.</summary>
    public override string ToString() => ErrorNames.Describe(Code, Subcode);
}
