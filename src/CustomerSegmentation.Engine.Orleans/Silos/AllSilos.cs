using Orleans.Runtime.Services;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Asks every silo that is active. One that does not answer, or whose storage does not, is left out: what it knew is in the journal, and it looks for what is in force by itself.</summary>
internal sealed class AllSilos(IServiceProvider services, IClusterMembershipService membership) : GrainServiceClient<ISiloService>(services)
{
    /// <summary>Everybody who is new or has changed is written, on every silo; false when one did not.</summary>
    public async Task<bool> WriteAllAsync() => (await AskAsync(async silo => await silo.WriteAllAsync())).All(done => done);

    /// <summary>Every silo learns what is in force.</summary>
    public Task RenewAsync() => AskAsync(async silo =>
    {
        await silo.RenewAsync();
        return true;
    });

    /// <summary>The silos that are active, as far as this one knows.</summary>
    public IEnumerable<SiloAddress> Active =>
        membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress);

    /// <summary>Silos that are known to have ended, in whatever way.</summary>
    public int CountLost() => membership.CurrentSnapshot.Members.Values.Count(m => m.Status == SiloStatus.Dead);

    private async Task<bool[]> AskAsync(Func<ISiloService, Task<bool>> ask)
    {
        return await Task.WhenAll(Active.Select(async address =>
        {
            try
            {
                return await ask(GetGrainService(address));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return false;
            }
        }));
    }
}
