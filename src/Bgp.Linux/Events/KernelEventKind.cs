namespace Bgp.Linux;

/// <summary>What an event is about.</summary>
public enum KernelEventKind
{
    Link,
    Address,
    Route,
    NextHop,
}
