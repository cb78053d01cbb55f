using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Answers other silos.</summary>
[Reentrant]
internal sealed class SiloService(SiloCustomers silo, GrainId id, Silo host, ILoggerFactory loggers) : GrainService(id, host, loggers), ISiloService
{
    public Task<bool> WriteAllAsync() => silo.Checkpoints.WriteAllAsync();

    public Task RenewAsync() => silo.RenewAsync(CancellationToken.None);
}
