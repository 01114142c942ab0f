using System.Text.Json;
using Bgp.Config;
using Bgp.Engine;
using Bgp.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Bgp.Daemon;

/// <summary>
/// The control API: what the daemon answers on its socket. In: HTTP requests. Out: JSON documents, whose shapes are promises, and commands to the speaker. Handlers ask the lanes, slice by
/// slice where a table is long, and never hold one up; a lane that does not answer in time is a 503. Everything that is wrong is <c>{"error": "…"}</c> in one line.
/// </summary>
internal sealed class ControlEndpoints(Daemon daemon)
{
    /// <summary>How long a router file may be that is sent for a comparison, in bytes.</summary>
    private const int MaxFile = 16 * 1024 * 1024;

    private static readonly AddressFamily[] Families = [AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ControlPaths.Summary, Guard(SummaryAsync));
        routes.MapGet(ControlPaths.Neighbors, Guard(NeighborsAsync));
        routes.MapGet(ControlPaths.Routes, Guard(RoutesAsync));
        routes.MapGet(ControlPaths.Fib, Guard(FibAsync));
        routes.MapGet(ControlPaths.Config, Guard(ConfigAsync));
        routes.MapPost(ControlPaths.Neighbors + "/{neighbor}/{action}", Guard(NeighborActionAsync));
        routes.MapPost(ControlPaths.Reload, Guard(ReloadAsync));
        routes.MapPost(ControlPaths.Stop, Guard(StopAsync));
    }

    private static RequestDelegate Guard(Func<HttpContext, Task> handler) => async context =>
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (ControlException wrong)
        {
            await ErrorAsync(context, wrong.Status, wrong.Message).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "the daemon is too busy to answer").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
    };

    private static async Task ErrorAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            // Half a list must not look whole.
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        await AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("error"u8, message);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        write(json);
        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private async Task SummaryAsync(HttpContext context)
    {
        var peers = await daemon.Queries.PeersAsync(context.RequestAborted).ConfigureAwait(false);
        var (routes, fib) = await daemon.Queries.AskRoutesAsync(
            reader => (reader.Routes.Counts(), (reader.Fib.RouteCount, reader.Fib.PendingCount, reader.Fib.ErrorCount)),
            context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("asn"u8, daemon.Speaking.LocalAsn.Value);
            json.WriteString("routerId"u8, daemon.Speaking.RouterId.ToString());
            json.WriteString("version"u8, ProgramVersion.Number);
            json.WriteNumber("uptimeSeconds"u8, daemon.Clock.Now.Microseconds / 1_000_000);
            json.WriteStartObject("neighbors"u8);
            json.WriteNumber("configured"u8, peers.Count(peer => !peer.Config.IsDynamic));
            json.WriteNumber("dynamic"u8, peers.Count(peer => peer.Config.IsDynamic));
            json.WriteNumber("established"u8, peers.Count(peer => peer.State == SessionState.Established));
            json.WriteEndObject();
            json.WriteStartObject("routes"u8);
            foreach (var count in routes)
            {
                json.WriteStartObject(count.Family.ToString());
                json.WriteNumber("prefixes"u8, count.Prefixes);
                json.WriteNumber("paths"u8, count.Paths);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteNumber("memoryBytes"u8, Environment.WorkingSet);
            json.WriteStartObject("fib"u8);
            json.WriteNumber("routes"u8, fib.RouteCount);
            json.WriteNumber("pending"u8, fib.PendingCount);
            json.WriteNumber("errors"u8, fib.ErrorCount);
            json.WriteEndObject();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task NeighborsAsync(HttpContext context)
    {
        var peers = await daemon.Queries.PeersAsync(context.RequestAborted).ConfigureAwait(false);
        if (context.Request.Query["neighbor"].ToString() is { Length: > 0 } name)
        {
            peers = NeighborNames.Find(peers, name);
        }

        var counts = await daemon.Queries.CountsAsync(peers, context.RequestAborted).ConfigureAwait(false);
        var now = daemon.Clock.Now;
        await AnswerAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var peer in peers.OrderBy(peer => peer.Config.Key.Address).ThenBy(peer => peer.Peer.Value))
            {
                NeighborJson.Write(json, peer, daemon.Speaking, counts.GetValueOrDefault(peer.Peer), daemon.Transport.UpdatesOf(peer.Peer), now);
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    private async Task RoutesAsync(HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var peers = await daemon.Queries.PeersAsync(cancellation).ConfigureAwait(false);
        var neighbors = peers.ToDictionary(peer => peer.Peer, peer => peer.Config.Key.ToString());
        var request = RouteRequest.Parse(context.Request.Query, peers);
        var names = request.IsForOne ? new Dictionary<int, string?>() : null;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartArray();
        foreach (var family in Families.Where(request.Includes))
        {
            for (var cursor = 0; cursor >= 0;)
            {
                var slice = await daemon.Queries.RoutesAsync(request.For(family), cursor, cancellation).ConfigureAwait(false);
                for (var i = 0; i < slice.Routes.Count; i++)
                {
                    RouteJson.Write(json, slice.Routes[i], request.For(family).Table, neighbors.GetValueOrDefault(slice.Routes[i].Peer), slice.IsInstalled[i], slice.Now, names);
                }

                cursor = slice.Next;
                json.Flush();
                await context.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task FibAsync(HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var names = new Dictionary<int, string?>();
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartArray();
        for (var cursor = 0; cursor >= 0;)
        {
            var slice = await daemon.Queries.FibAsync(cursor, cancellation).ConfigureAwait(false);
            foreach (var route in slice.Routes)
            {
                FibJson.Write(json, route, names);
            }

            cursor = slice.Next;
            json.Flush();
            await context.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task ConfigAsync(HttpContext context)
    {
        var isJson = context.Request.Query["format"] == "json";
        var all = context.Request.Query["all"] == "true";
        context.Response.ContentType = isJson ? "application/json" : "application/yaml";
        var text = isJson ? RouterConfigPrinter.ToJson(daemon.Config, all) : RouterConfigPrinter.ToYaml(daemon.Config, all);
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task NeighborActionAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["neighbor"] as string ?? "";
        var action = context.Request.RouteValues["action"] as string ?? "";
        var message = context.Request.Query["message"].ToString();
        var peers = await daemon.Queries.PeersAsync(context.RequestAborted).ConfigureAwait(false);
        var meant = NeighborNames.Find(peers, name);
        if (action == "refresh" && meant.FirstOrDefault(peer => peer.State != SessionState.Established) is { } down)
        {
            throw new ControlException(StatusCodes.Status409Conflict, $"neighbor {down.Config.Key} is not established: there is nobody to ask");
        }

        var command = new SessionInput(action switch
        {
            "reset" => SessionInputKind.Reset,
            "refresh" => SessionInputKind.RequestRefresh,
            "enable" => SessionInputKind.Enable,
            "disable" => SessionInputKind.Disable,
            _ => throw new ControlException(StatusCodes.Status404NotFound, $"'{action}' is not reset, refresh, enable or disable"),
        })
        {
            Text = message.Length == 0 ? null : message,
        };
        foreach (var peer in meant)
        {
            daemon.Command(peer, command);
        }

        // The lane answers in the order of its inbox: this answer says that the command is carried out.
        await daemon.Queries.PeersAsync(context.RequestAborted).ConfigureAwait(false);
        await DoneAsync(context).ConfigureAwait(false);
    }

    private async Task ReloadAsync(HttpContext context)
    {
        var isDryRun = context.Request.Query["dry-run"] == "true";
        var outcome = isDryRun ? await CompareAsync(context).ConfigureAwait(false)
            : context.Request.ContentLength is > 0 ? throw new ControlException(StatusCodes.Status400BadRequest, "a reload takes the daemon's own file; a body only goes with dry-run=true")
            : await daemon.ReloadAsync().ConfigureAwait(false);
        if (outcome.Difference is { } difference)
        {
            await AnswerAsync(context, json => DifferenceJson.Write(json, difference, isDone: !isDryRun)).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("error"u8, "the configuration was not changed");
            json.WriteStartArray("faults"u8);
            foreach (var fault in outcome.Faults)
            {
                json.WriteStringValue(fault);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>With the daemon's own file, or with the text in the body, which stands for the file that the query names.</summary>
    private async Task<ReloadOutcome> CompareAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not > 0)
        {
            return await daemon.CompareAsync().ConfigureAwait(false);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxFile;
        }

        if (context.Request.ContentLength > MaxFile)
        {
            throw new ControlException(StatusCodes.Status413PayloadTooLarge, $"a router file has at most {MaxFile} bytes here");
        }

        var name = context.Request.Query["file"].ToString();
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
        return await daemon.CompareAsync(text, name.Length == 0 ? "router.yaml" : name).ConfigureAwait(false);
    }

    private async Task StopAsync(HttpContext context)
    {
        var flush = context.Request.Query["flush"] == "true";
        context.Response.OnCompleted(() =>
        {
            daemon.RequestStop(flush ? StopIntent.LeaveAndFlush : StopIntent.Leave);
            return Task.CompletedTask;
        });
        await DoneAsync(context).ConfigureAwait(false);
    }

    private static Task DoneAsync(HttpContext context) => AnswerAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("done"u8, true);
        json.WriteEndObject();
    });
}
