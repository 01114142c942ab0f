namespace Bgp.Linux;

/// <summary>Message types of linux/netlink.h and linux/rtnetlink.h.</summary>
internal static class NetlinkType
{
    public const ushort Noop = 1;
    public const ushort Error = 2;
    public const ushort Done = 3;
    public const ushort NewLink = 16;
    public const ushort DeleteLink = 17;
    public const ushort GetLink = 18;
    public const ushort NewAddress = 20;
    public const ushort DeleteAddress = 21;
    public const ushort GetAddress = 22;
    public const ushort NewRoute = 24;
    public const ushort DeleteRoute = 25;
    public const ushort GetRoute = 26;
    public const ushort NewNextHop = 104;
    public const ushort DeleteNextHop = 105;
    public const ushort GetNextHop = 106;
}

/// <summary>Message flags (NLM_F_…). The upper byte means one thing in a request that reads, another in one that writes, a third in an answer.</summary>
internal static class NetlinkFlags
{
    public const ushort Request = 0x1;
    public const ushort Multi = 0x2;
    public const ushort Ack = 0x4;
    public const ushort DumpInterrupted = 0x10;
    public const ushort Dump = 0x300;
    public const ushort Replace = 0x100;
    public const ushort Exclusive = 0x200;
    public const ushort Create = 0x400;
    public const ushort Append = 0x800;
    public const ushort Capped = 0x100;
    public const ushort AckAttributes = 0x200;
}

/// <summary>Options of SOL_NETLINK.</summary>
internal static class NetlinkOption
{
    public const int AddMembership = 1;
    public const int CapAck = 10;
    public const int ExtendedAck = 11;
    public const int StrictCheck = 12;
}
