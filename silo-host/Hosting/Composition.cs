using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Puts the real parts together.</summary>
internal static class Composition
{
    public static CommandServices Services()
    {
        var time = TimeProvider.System;
        var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        return new CommandServices(
            CommandConsole.System(), time, new AccessOpener(time, loggers),
            (settings, cancellationToken) => settings.Cluster
                ? RunSiloAsync(settings, time, cancellationToken)
                : new ServiceHost(settings, Console.Out, time).RunAsync(cancellationToken));
    }

#if ORLEANS
    private static Task RunSiloAsync(ServiceSettings settings, TimeProvider time, CancellationToken cancellationToken) =>
        new Cluster.ClusterHost(settings, Console.Out, time).RunAsync(cancellationToken);
#else
    private static Task RunSiloAsync(ServiceSettings settings, TimeProvider time, CancellationToken cancellationToken) =>
        throw new CommandFailure("this build has no cluster engine: build it with -p:Orleans=true, from a package source that has Microsoft.Orleans, or leave --cluster out");
#endif
}
