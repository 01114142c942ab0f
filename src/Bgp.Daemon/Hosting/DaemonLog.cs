using Microsoft.Extensions.Logging;

namespace Bgp.Daemon;

/// <summary>The host's own log lines.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(5002, LogLevel.Information, "bgp {Version} runs: AS {Asn}, router id {RouterId}, listening on {Listen}")]
    public static partial void Running(ILogger logger, string version, uint asn, Protocol.RouterId routerId, string listen);

    [LoggerMessage(5011, LogLevel.Information, "bgp {Version} runs: AS {Asn}, router id {RouterId}, listening nowhere: it opens every session itself")]
    public static partial void RunningDeaf(ILogger logger, string version, uint asn, Protocol.RouterId routerId);

    [LoggerMessage(5003, LogLevel.Information, "stopping: {Intent}")]
    public static partial void Stopping(ILogger logger, Engine.StopIntent intent);

    [LoggerMessage(5004, LogLevel.Warning, "the configuration was not changed: {Fault}")]
    public static partial void ReloadRefused(ILogger logger, string fault);

    [LoggerMessage(5005, LogLevel.Critical, "the daemon cannot go on: {Place} failed")]
    public static partial void Fatal(ILogger logger, string place, Exception failure);

    [LoggerMessage(5006, LogLevel.Warning, "listener: {Trouble}")]
    public static partial void ListenerTrouble(ILogger logger, string trouble);

    [LoggerMessage(3002, LogLevel.Warning, "kernel: {Trouble}")]
    public static partial void KernelTrouble(ILogger logger, string trouble);

    [LoggerMessage(5007, LogLevel.Warning, "not everything was closed in time; the daemon stops nevertheless")]
    public static partial void StopOverdue(ILogger logger);

    [LoggerMessage(5008, LogLevel.Information, "{Established} of {Configured} neighbors are established")]
    public static partial void State(ILogger logger, int established, int configured);

    [LoggerMessage(5009, LogLevel.Warning, "the session lane is too busy to say how the sessions are")]
    public static partial void TooBusy(ILogger logger);

    [LoggerMessage(5010, LogLevel.Information, "reloaded: neighbors {Added} added, {Removed} removed, {Reset} reset, {Refreshed} refreshed, {Unchanged} unchanged")]
    public static partial void Reloaded(ILogger logger, int added, int removed, int reset, int refreshed, int unchanged);
}
