using CustomerSegmentation.Engine.Orleans.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Answers other silos.</summary>
[Reentrant]
internal sealed class SiloService(SiloCustomers silo, SiloModelKeeper keeper, GrainId id, Silo host, ILoggerFactory loggers)
    : GrainService(id, host, loggers), ISiloService
{
    public Task<bool> WriteAllAsync() => silo.Checkpoints.WriteAllAsync();

    public Task RenewAsync() => silo.RenewAsync(CancellationToken.None);

    public Task RenewModelsAsync() => keeper.RenewAsync(CancellationToken.None);

    public Task<SiloReadings> TakeReadingsAsync(string model)
    {
        var status = silo.Encoding.Status;
        return Task.FromResult(new SiloReadings
        {
            SawOther = silo.Encoding.TakeOtherModel(model),
            Waiting = status.Waiting,
            Paused = status.Paused,
            Readings = status.Readings,
            ReadingsPerSecond = status.ReadingsPerSecond,
            Refused = status.Refused,
        });
    }

    public Task<RunningModels> DescribeModelsAsync() => Task.FromResult(keeper.Models?.Describe() ?? new RunningModels());

    public Task<ModelAnswer> DoAsync(ModelOrder order) => keeper.Models?.DoAsync(order, CancellationToken.None) ?? Task.FromResult(new ModelAnswer());
}
