using Bgp.Config;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Bgp.Daemon;

/// <summary>The log on standard error, whose level and format follow the configuration while the daemon runs. A reader that is too slow loses lines; it never stops a lane.</summary>
internal sealed class LogSwitch : IOptionsChangeTokenSource<ConsoleLoggerOptions>, IDisposable
{
    private const int QueuedLines = 4096;

    private volatile LogSettings _settings;
    private CancellationTokenSource _changed = new();

    public LogSwitch(LogSettings settings)
    {
        _settings = settings;
        Factory = LoggerFactory.Create(Build);
    }

    public ILoggerFactory Factory { get; }

    string? IOptionsChangeTokenSource<ConsoleLoggerOptions>.Name => Options.DefaultName;

    public void Set(LogSettings settings)
    {
        _settings = settings;
        using var previous = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        previous.Cancel();
    }

    /// <summary>Writes what is queued.</summary>
    public void Dispose()
    {
        Factory.Dispose();
        _changed.Dispose();
    }

    IChangeToken IOptionsChangeTokenSource<ConsoleLoggerOptions>.GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    private static LogLevel LevelOf(LogVerbosity verbosity) => verbosity switch
    {
        LogVerbosity.Trace => LogLevel.Trace,
        LogVerbosity.Debug => LogLevel.Debug,
        LogVerbosity.Info => LogLevel.Information,
        LogVerbosity.Warn => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private void Build(ILoggingBuilder builder)
    {
        builder.SetMinimumLevel(LogLevel.Trace);
        builder.AddFilter(level => level >= LevelOf(_settings.Level));

        // The server of the control socket: its own lines are for its developers.
        builder.AddFilter("Microsoft", LogLevel.Error);
        builder.AddSimpleConsole(text =>
        {
            text.SingleLine = true;
            text.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            text.UseUtcTimestamp = true;
        });
        builder.AddJsonConsole(json =>
        {
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.UseUtcTimestamp = true;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.MaxQueueLength = QueuedLines;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.FormatterName = _settings.Format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        builder.Services.AddSingleton<IOptionsChangeTokenSource<ConsoleLoggerOptions>>(this);
    }
}
