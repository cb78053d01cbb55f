using CustomerSegmentation.Engine.Orleans.Models;
using Orleans.Runtime.Services;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Asks every silo that is active. One that does not answer, or whose storage does not, is left out: what it knew is in the journal, and it looks for what is in force by itself.</summary>
internal sealed class AllSilos(IServiceProvider services, IClusterMembershipService membership, SiloRoster roster) : GrainServiceClient<ISiloService>(services)
{
    /// <summary>Everybody who is new or has changed is written, on every silo; false when one did not.</summary>
    public async Task<bool> WriteAllAsync() => (await AskAsync(async silo => await silo.WriteAllAsync())).All(done => done);

    /// <summary>Every silo learns what is in force.</summary>
    public Task RenewAsync() => AskAsync(async silo =>
    {
        await silo.RenewAsync();
        return true;
    });

    /// <summary>Every silo takes the model that is chosen now: first those that run models, so that the others find it there.</summary>
    public async Task RenewModelsAsync()
    {
        var runs = roster.Inference;
        await AskAsync(RenewAsync, runs.Contains);
        await AskAsync(RenewAsync, silo => !runs.Contains(silo));

        static async Task<bool> RenewAsync(ISiloService silo)
        {
            await silo.RenewModelsAsync();
            return true;
        }
    }

    /// <summary>How the reading of customers goes on each silo that answers; see <see cref="ISiloService.TakeReadingsAsync"/>.</summary>
    public async Task<IReadOnlyList<SiloReadings>> TakeReadingsAsync(string model)
    {
        var having = roster.Customers;
        return [.. (await AskAsync<SiloReadings?>(async silo => await silo.TakeReadingsAsync(model), having.Contains)).OfType<SiloReadings>()];
    }

    /// <summary>Which models run, on each silo that answers.</summary>
    public async Task<IReadOnlyList<RunningModels>> DescribeModelsAsync() =>
        [.. (await AskAsync<RunningModels?>(async silo => await silo.DescribeModelsAsync())).OfType<RunningModels>()];

    /// <summary>Has something done with a model on every silo that runs models; how it ended on each that answered.</summary>
    public async Task<IReadOnlyList<ModelAnswer>> DoAsync(ModelOrder order)
    {
        var runs = roster.Inference;
        return [.. (await AskAsync<ModelAnswer?>(async silo => await silo.DoAsync(order), runs.Contains)).OfType<ModelAnswer>()];
    }

    /// <summary>Silos that are known to have ended, in whatever way.</summary>
    public int CountLost() => membership.CurrentSnapshot.Members.Values.Count(m => m.Status == SiloStatus.Dead);

    /// <returns>The answers; the default of whoever does not answer.</returns>
    private async Task<T?[]> AskAsync<T>(Func<ISiloService, Task<T>> ask, Func<SiloAddress, bool>? isAsked = null)
    {
        var silos = membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active && isAsked?.Invoke(m.SiloAddress) != false).Select(m => m.SiloAddress);
        return await Task.WhenAll(silos.Select(async address =>
        {
            try
            {
                return await ask(GetGrainService(address));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return default;
            }
        }));
    }
}
