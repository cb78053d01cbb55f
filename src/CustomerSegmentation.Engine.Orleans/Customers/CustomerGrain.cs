using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Customers;
using CustomerSegmentation.Engine.Orleans.Silos;
using Orleans.Concurrency;
using Orleans.Placement;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>
/// One customer in the cluster. It gives the plain actor an identity; turns, group commits and checkpoints are its silo's. Reentrant, since turns are kept apart
/// by the silo and waiting for a commit must not keep the next turn from beginning.
/// </summary>
[Reentrant, RandomPlacement]
internal sealed class CustomerGrain(SiloCustomers silo) : Grain, ICustomerGrain, ICustomerPeerGrain
{
    // Few customers are ever held: whoever is not has none.
    private Dictionary<Guid, (LocalHolds.LocalHold Hold, IGrainTimer Lease)>? _holds;
    private CustomerCell? _cell;

    /// <summary>The customer's id.</summary>
    public string CustomerId { get; private set; } = "";

    /// <summary>The customer's place in this silo's memory; null while there is nothing of it. Any thread may ask.</summary>
    public CustomerCell? Cell => Volatile.Read(ref _cell);

    /// <summary>Hangs up a cell unless one hangs there; the one that does afterwards. Any thread may do so.</summary>
    public CustomerCell HangUp(CustomerCell made) => Interlocked.CompareExchange(ref _cell, made, null) ?? made;

    /// <summary>Takes the cell down if it is this one. Any thread may do so.</summary>
    public void TakeDown(CustomerCell cell) => Interlocked.CompareExchange(ref _cell, null, cell);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        CustomerId = CustomerKey.Read(this.GetPrimaryKeyString());
        silo.Admit(this);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var holder in _holds?.Keys.ToList() ?? [])
        {
            await EndAsync(holder, HoldEnd.Kept);
        }
        await silo.LeaveAsync(this);
    }

    public async Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default)
    {
        if (request.CustomerId != CustomerId)
        {
            throw new ArgumentException($"The request is for customer {request.CustomerId}, not for {CustomerId}.", nameof(request));
        }
        return (await silo.Pipeline.TrackAsync([request], cancellationToken))[0];
    }

    public async Task<TrackReceipt[]> TrackAllAsync(TrackRequest[] requests, bool joining, CancellationToken cancellationToken)
    {
        for (var i = 0; i < requests.Length; i++)
        {
            if (requests[i].CustomerId != CustomerId)
            {
                // The history of that id joined this customer: its events are this customer's.
                requests[i] = new TrackRequest { CustomerId = CustomerId, Events = requests[i].Events };
            }
        }
        var receipts = await silo.Pipeline.TrackAsync(requests, cancellationToken, joining);
        return receipts as TrackReceipt[] ?? [.. receipts];
    }

    public async Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default)
    {
        var read = await silo.Reader.ReadAsync(CustomerId, static actor => actor.View(), cancellationToken);
        return read.MovedTo is { } other ? await At(other).GetAsync(cancellationToken) : read.Value;
    }

    public async Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default)
    {
        var read = await silo.Reader.ReadAsync(CustomerId, static actor => actor.Explain(), cancellationToken);
        return read.MovedTo is { } other ? await At(other).ExplainAsync(cancellationToken) : read.Value;
    }

    public async Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        var read = await silo.Reader.ReadHistoryAsync(CustomerId, before, limit, cancellationToken);
        return read.MovedTo is { } other ? await At(other).GetHistoryAsync(before, limit, cancellationToken) : read.Value;
    }

    public async IAsyncEnumerable<CustomerExportPart> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var part in silo.Exporter.ExportAsync(CustomerId, cancellationToken))
        {
            yield return part;
        }
    }

    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) => silo.Eraser.EraseAsync(CustomerId, cancellationToken);

    public async Task<bool> RefreshAsync(string cause, CancellationToken cancellationToken) => await silo.RefreshAsync(CustomerId, cause, cancellationToken);

    public async Task<bool> WakeAsync(CancellationToken cancellationToken) => await silo.Turns.WakeAsync(CustomerId, cancellationToken);

    public async Task<HeldState> HoldAsync(Guid holder, CancellationToken cancellationToken)
    {
        var hold = await silo.LocalHolds.HoldLocalAsync(CustomerId, cancellationToken);
        var lease = this.RegisterGrainTimer(
            _ => EndAsync(holder, HoldEnd.Kept),
            new GrainTimerCreationOptions(GrainHolds.Lease, Timeout.InfiniteTimeSpan) { Interleave = true });
        (_holds ??= []).Add(holder, (hold, lease));
        return new HeldState(hold.Erased, hold.MergedInto, hold.Sequence, hold.Segment, hold.SegmentVersion);
    }

    public async Task<string[]> FindNamedIdsAsync(Guid holder, CancellationToken cancellationToken) =>
        [.. await Held(holder).FindNamedIdsAsync(cancellationToken)];

    public Task<ExportedId> DescribeAsync(Guid holder, CancellationToken cancellationToken) => Held(holder).DescribeAsync(cancellationToken);

    public Task<string> CloseAsync(Guid holder, string targetId)
    {
        var actor = Held(holder).Actor;
        if (actor.State.MergedInto is null && actor.Close(targetId) is { Append: null } turn)
        {
            throw new InvalidOperationException($"Customer {CustomerId} could not be closed: {turn.Outcome}.");
        }
        return Task.FromResult(actor.State.MergedInto!);
    }

    public async Task ReleaseAsync(Guid holder, int end)
    {
        if (!await EndAsync(holder, (HoldEnd)end) && (HoldEnd)end != HoldEnd.Kept)
        {
            // The lease ran out before: what is in memory may not be true any more.
            await (await silo.LocalHolds.HoldLocalAsync(CustomerId, CancellationToken.None)).ReleaseAsync(HoldEnd.Discarded);
        }
    }

    public Task RetireAsync(CancellationToken cancellationToken) => silo.RetireAsync(CustomerId, cancellationToken);

    private ICustomerGrain At(string customerId) => silo.Grains.GetGrain<ICustomerGrain>(CustomerKey.Of(customerId));

    private LocalHolds.LocalHold Held(Guid holder) =>
        _holds?.TryGetValue(holder, out var held) == true ? held.Hold : throw new EngineBusyException(CustomerId);

    private async Task<bool> EndAsync(Guid holder, HoldEnd end)
    {
        if (_holds is null || !_holds.Remove(holder, out var held))
        {
            return false;
        }
        held.Lease.Dispose();
        await held.Hold.ReleaseAsync(end);
        return true;
    }
}
