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
            (settings, cancellationToken) => new ServiceHost(settings, Console.Out, time).RunAsync(cancellationToken));
    }
}
