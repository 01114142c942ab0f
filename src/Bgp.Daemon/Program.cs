using Bgp.Daemon;

return await CommandLine.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
