using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Engine.Customers;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>
/// Holds turns of customers wherever they are. A hold is a lease: should its holder be lost, the customer goes on after <see cref="Lease"/>, so nothing that
/// is done under holds may take long.
/// </summary>
internal sealed class GrainHolds(IGrainFactory grains) : ICustomerHolds
{
    /// <summary>How long a turn is held for somebody who does not let go of it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    public async Task<IHeldCustomer> HoldAsync(string customerId, CancellationToken cancellationToken) => await HoldGrainAsync(customerId, cancellationToken);

    /// <inheritdoc cref="ICustomerHolds.HoldAsync"/>
    public async Task<GrainHold> HoldGrainAsync(string customerId, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<ICustomerPeerGrain>(CustomerKey.Of(customerId));
        var holder = Guid.NewGuid();
        return new GrainHold(customerId, grain, holder, await grain.HoldAsync(holder, cancellationToken));
    }

    internal sealed class GrainHold(string customerId, ICustomerPeerGrain grain, Guid holder, HeldState state) : IHeldCustomer
    {
        public string CustomerId => customerId;

        public bool Erased => state.Erased;

        public string? MergedInto => state.MergedInto;

        public long Sequence => state.Sequence;

        public string? Segment => state.Segment;

        public int SegmentVersion => state.SegmentVersion;

        public async Task<IReadOnlySet<string>> FindNamedIdsAsync(CancellationToken cancellationToken) =>
            new HashSet<string>(await grain.FindNamedIdsAsync(holder, cancellationToken), StringComparer.Ordinal);

        public Task<ExportedId> DescribeAsync(CancellationToken cancellationToken) => grain.DescribeAsync(holder, cancellationToken);

        public Task<string> CloseAsync(string targetId) => grain.CloseAsync(holder, targetId);

        public async ValueTask ReleaseAsync(HoldEnd end)
        {
            try
            {
                await grain.ReleaseAsync(holder, (int)end);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                // Its silo is lost, and the turn with it; or the lease ends it.
            }
        }
    }
}
