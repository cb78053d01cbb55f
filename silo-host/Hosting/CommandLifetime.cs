namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The host's life is steered by the command line, which listens to the signals itself.</summary>
internal sealed class CommandLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
