using CustomerSegmentation.Engine.Sweeps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>
/// Gives up members that are gone, while this silo joins. Silos declare each other dead; but where none is left – the only one was killed, a power cut took all, a
/// database was restored – the table of members names some that nobody will ever declare dead, and whoever joins waits for their answers in vain. A member that does not
/// renew its row in one look after the other is such a one: so it does not matter what time the others have, nor that the database was away for a while.
/// </summary>
internal sealed class LostMembers(
    IMembershipTable table, IOptions<ClusterMembershipOptions> options, TimeProvider timeProvider, ILogger<LostMembers> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly int _looks = (int)Math.Ceiling(options.Value.IAmAliveTablePublishTimeout * options.Value.NumMissedTableIAmAliveLimit / LookEvery);
    private readonly Dictionary<SiloAddress, (DateTime Renewed, int Looks)> _seen = [];
    private readonly BackgroundTasks _tasks = new(TaskScheduler.Default, timeProvider, logger);

    public void Participate(ISiloLifecycle lifecycle)
    {
        // From when the table can be read until this silo is a member itself, or gives up.
        lifecycle.Subscribe(nameof(LostMembers), ServiceLifecycleStage.AfterRuntimeGrainServices, StartAsync, EndAsync);
        lifecycle.Subscribe(nameof(LostMembers), ServiceLifecycleStage.Active, EndAsync);
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _tasks.Run(WatchAsync);
        return Task.CompletedTask;
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        _tasks.Stop();
        await _tasks.EndAsync();
    }

    private async Task WatchAsync()
    {
        while (!_tasks.Stopping.IsCancellationRequested)
        {
            var seen = false;
            await _tasks.StepAsync("lost members", async () => seen = await LookAsync());
            if (!seen)
            {
                // While the table cannot be read, it cannot be written either.
                _seen.Clear();
            }
            await _tasks.StepAsync("lost members", () => Task.Delay(LookEvery, timeProvider, _tasks.Stopping));
        }
    }

    private async Task<bool> LookAsync()
    {
        var members = await table.ReadAll();
        foreach (var (member, etag) in members.Members.Where(m => m.Item1.Status == SiloStatus.Active))
        {
            var looks = _seen.TryGetValue(member.SiloAddress, out var seen) && seen.Renewed == member.IAmAliveTime ? seen.Looks + 1 : 0;
            _seen[member.SiloAddress] = (member.IAmAliveTime, looks);
            if (looks >= _looks)
            {
                member.Status = SiloStatus.Dead;
                if (await table.UpdateRow(member, etag, members.Version.Next()))
                {
                    SiloLog.Lost(logger, member.SiloAddress);
                }

                // The table has another version now; the next look takes the next one.
                break;
            }
        }

        return true;
    }
}
