using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>
/// Random runs against the model kernel, which refuses, loses answers and events, and lets others add, change and remove routes in any order with our own writes. At rest the kernel has what is
/// wanted, nothing else that is ours, and all that is others'. A failure names its seed.
/// </summary>
public sealed class FibModelTests
{
    private const int Steps = 400;
    private const byte ForeignProtocol = 4;

    private static readonly IpPrefix[] Prefixes =
    [
        .. Enumerable.Range(0, 12).Select(index => IpPrefix.Parse($"10.244.{index}.0/24")),
        .. Enumerable.Range(0, 6).Select(index => IpPrefix.Parse($"fd00:{index}::/64")),
    ];

    private static readonly Forwarding[] Ways =
    [
        Forwarding.Blackhole, FibRig.Via("10.0.0.2"), FibRig.Via("10.0.0.3"), FibRig.Via("fe80::1", 3), FibRig.Via(("10.0.0.2", 2), ("10.0.0.3", 3)),
    ];

    private static readonly FibConfig[] Configs =
    [
        FibRig.Marks, FibRig.Marks with { Metric = 99 }, FibRig.Marks with { Table = 100 }, FibRig.Marks with { Protocol = 12 },
        FibRig.Marks with { Protocol = 12, Metric = 99 }, FibRig.Marks with { SourceV4 = IpAddress.Parse("10.0.0.1") }, FibRig.Marks with { Enabled = false },
    ];

    // 99 is also a configured one.
    private static readonly uint[] Metrics = [0, 0, 1024, 99, 7];

    [Test]
    public void Fib_AnyOrderOfEvents_IsRightAtRest([Range(1, 200)] int seed)
    {
        using var run = new Run(seed, withMoves: false);
        run.Play();
    }

    [Test]
    public void Fib_AnyOrderOfEventsAndConfigurations_IsRightAtRest([Range(1, 200)] int seed)
    {
        using var run = new Run(seed, withMoves: true);
        run.Play();
    }

    [Test]
    public void Fib_AnyOrderOfEventsAndMetrics_IsRightAtRest([Range(1, 200)] int seed, [Values] bool withMoves)
    {
        using var run = new Run(seed, withMoves, withMetrics: true);
        run.Play();
    }

    [Test]
    public void Fib_SameSeed_SameEffects()
    {
        using var first = new Run(7, withMoves: true);
        using var second = new Run(7, withMoves: true);

        Assert.That(second.Play(), Is.EqualTo(first.Play()));
    }

    private sealed class Run(int seed, bool withMoves, bool withMetrics = false) : IDisposable
    {
        private readonly Random _random = new(seed);
        private readonly FibRig _rig = new();
        private readonly Dictionary<IpPrefix, (Forwarding Forwarding, uint Metric)> _wanted = [];
        private FibConfig _config = FibRig.Marks;

        // What the kernel leaf has read or done already, and not told yet.
        private FibBatchResult? _result;
        private FibDump? _dump;
        private bool _isDumped;
        private int _failedDumps;

        private ModelKernel Kernel => _rig.Kernel;

        public List<string> Play()
        {
            foreach (var prefix in Prefixes)
            {
                if (_random.Next(3) == 0)
                {
                    Preset(prefix);
                    if (withMetrics)
                    {
                        Preset(prefix);
                    }
                }
            }

            _rig.Tick();
            for (var step = 0; step < Steps; step++)
            {
                Step();
                _rig.Tick();
            }

            Rest();
            Check();
            return [.. _rig.Batches.SelectMany(batch => batch.Requests).Select(request => request.ToString())];
        }

        public void Dispose() => _rig.Dispose();

        private void Preset(in IpPrefix prefix)
        {
            var marks = FibRig.Marks with { Protocol = (byte)(_random.Next(3) == 0 ? ForeignProtocol : 186) };
            Kernel.Preset(ModelKernel.RouteOf(marks with { Metric = withMetrics ? MetricUnder(marks, Pick(Metrics)) : marks.Metric }, prefix, Pick(Ways)));
        }

        /// <summary>The metric in the kernel's key for a route of that prefix.</summary>
        private uint KeyOf(in IpPrefix prefix) => MetricUnder(_config, _wanted.GetValueOrDefault(prefix).Metric);

        private static uint MetricUnder(FibConfig config, uint metric) => metric == 0 ? config.Metric : metric;

        private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

        private void Step()
        {
            switch (_random.Next(24))
            {
                case < 6:
                    Want(Pick(Prefixes));
                    break;
                case < 12:
                    Serve();
                    break;
                case < 15:
                    HearOne();
                    break;
                case 15:
                    _rig.Advance(TimeSpan.FromMilliseconds(_random.Next(400)));
                    break;
                case 16:
                    Refuse();
                    break;
                case 17 or 18:
                    Meddle();
                    break;
                case 19:
                    Lose();
                    break;
                case 20:
                    _rig.Apply(FibInputKind.Uncertain);
                    break;
                case 21 when _random.Next(20) == 0:
                    _rig.Apply(FibInputKind.SweepAllowed);
                    break;
                case 22:
                    _rig.Apply(FibInputKind.KernelChanged);
                    break;
                case 23 when withMoves && _random.Next(3) == 0:
                    _config = Pick(Configs);
                    _rig.Configure(_config);
                    break;
            }
        }

        private void Want(in IpPrefix prefix)
        {
            if (_random.Next(3) == 0)
            {
                _wanted.Remove(prefix);
                _rig.Want(prefix, null);
            }
            else
            {
                var (forwarding, metric) = _wanted[prefix] = (Pick(Ways), withMetrics ? Pick(Metrics) : 0);
                _rig.Want(prefix, forwarding, metric);
            }
        }

        /// <summary>The leaf works in two steps, so that others come between the deed and its report.</summary>
        private void Serve()
        {
            if (_rig.Batch is { } batch && _result is null)
            {
                _result = Kernel.Execute(batch);
                if (_random.Next(8) == 0)
                {
                    _result = new FibBatchResult(IsUnknown: true, []);
                }
            }
            else if (_result is { } result)
            {
                _result = null;
                _rig.DeliverBatch(result);
            }
            else if (_rig.DumpMarks is { } marks && !_isDumped)
            {
                _isDumped = true;
                _failedDumps = _failedDumps < 2 && _random.Next(6) == 0 ? _failedDumps + 1 : 0;
                _dump = _failedDumps > 0 ? null : Kernel.Dump(marks);
            }
            else if (_isDumped)
            {
                _isDumped = false;
                _rig.DeliverDump(_dump);
            }
        }

        private void HearOne()
        {
            if (Kernel.Events.TryDequeue(out var told))
            {
                _rig.Apply(new FibInput(FibInputKind.RouteEvent) { Event = told });
            }
        }

        private void Refuse()
        {
            var prefix = Pick(Prefixes);
            if (!Kernel.Refused.Remove(prefix))
            {
                Kernel.Refused[prefix] = _random.Next(2) == 0 ? ModelKernel.NetworkUnreachable : ModelKernel.NoBuffers;
            }
        }

        /// <summary>Another program writes into our table: removes or changes ours, or keeps a route of its own at our key.</summary>
        private void Meddle()
        {
            var prefix = Pick(Prefixes);
            var metric = KeyOf(prefix);
            var present = Kernel.Find(prefix, _config.Table, metric);
            switch (_random.Next(4))
            {
                case 0 or 1 when present is not null:
                    Kernel.Remove(present);
                    break;
                case 2 when present is not null && present.Protocol != ForeignProtocol:
                    Kernel.Put(present with { Kind = KernelRouteKind.Unicast, Hops = [new KernelHop(IpAddress.Parse("10.0.0.66"), 2, 1, false, false)] });
                    break;
                case 3 when present is null || _random.Next(4) == 0:
                    Kernel.Put(ModelKernel.RouteOf(_config with { Protocol = ForeignProtocol, Metric = metric }, prefix, FibRig.Via("10.0.0.77")));
                    break;
                case 3 when !withMoves:
                    Kernel.Put(ModelKernel.RouteOf(_config with { Metric = metric }, prefix, FibRig.Via("10.0.0.88")));
                    break;
            }
        }

        /// <summary>A route goes silently or events get lost; the leaf says no more than that something did.</summary>
        private void Lose()
        {
            var prefix = Pick(Prefixes);
            if (Kernel.Find(prefix, _config.Table, KeyOf(prefix)) is { } route && route.Protocol != ForeignProtocol)
            {
                Kernel.Lose(route);
            }

            Kernel.Events.Clear();
            _rig.Apply(FibInputKind.Uncertain);
        }

        private void Rest()
        {
            Kernel.Refused.Clear();
            for (var step = 0; _result is not null || _isDumped; step++)
            {
                Serve();
            }

            _rig.Apply(FibInputKind.SweepAllowed);
            _rig.Apply(FibInputKind.KernelChanged);
            _rig.Settle(TimeSpan.FromMinutes(3));
        }

        private void Check()
        {
            var owned = Kernel.Routes.Where(route => route.Protocol != ForeignProtocol).ToArray();
            var blocked = Kernel.Routes.Where(route => route.Protocol == ForeignProtocol && route.Table == _config.Table && route.Metric == KeyOf(route.Prefix))
                .Select(route => route.Prefix).ToHashSet();
            var expected = _config.Enabled
                ? _wanted.Where(pair => !blocked.Contains(pair.Key)).Select(pair => Describe(ModelKernel.RouteOf(_config with { Metric = KeyOf(pair.Key) }, pair.Key, pair.Value.Forwarding)))
                : [];
            Assert.Multiple(() =>
            {
                Assert.That(owned.Select(Describe), Is.EquivalentTo(expected), $"seed {seed}");
                foreach (var prefix in _wanted.Keys.Where(_ => _config.Enabled))
                {
                    Assert.That(_rig.Fib.TryGet(prefix, out var status), Is.True, $"seed {seed}: {prefix} is known");
                    Assert.That(status.IsInstalled, Is.EqualTo(!blocked.Contains(prefix)), $"seed {seed}: {prefix} is installed");
                    Assert.That(status.Error, Is.EqualTo(blocked.Contains(prefix) ? "File exists" : null), $"seed {seed}: {prefix}'s error");
                }

                Assert.That(_rig.Fib.RouteCount, Is.EqualTo(_wanted.Count), $"seed {seed}: count");
                Assert.That(_rig.Fib.PendingCount, Is.EqualTo(_config.Enabled ? _wanted.Keys.Count(blocked.Contains) : 0), $"seed {seed}: pending");
            });
        }

        private static string Describe(KernelRoute route) =>
            $"{route.Prefix} {route.Kind} table {route.Table} metric {route.Metric} protocol {route.Protocol} from {route.PreferredSource} via {string.Join(", ", route.Hops)}";
    }
}
