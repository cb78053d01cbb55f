using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Customers;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <inheritdoc cref="ICustomerPeers"/>
internal sealed class GrainPeers(IGrainFactory grains, GrainHolds holds) : ICustomerPeers
{
    /// <summary>How far a chain of joined customers is followed.</summary>
    private const int HopsMax = 64;

    public async Task<JoinOutcome> CloseAsync(string customerId, string targetId, CancellationToken cancellationToken)
    {
        if (customerId == targetId)
        {
            return JoinOutcome.Elsewhere;
        }

        // Both turns at once, always in the same order: nobody closes the target while this customer is closed in its favour.
        var inOrder = string.CompareOrdinal(customerId, targetId) < 0;
        var first = await holds.HoldGrainAsync(inOrder ? customerId : targetId, cancellationToken);
        GrainHolds.GrainHold? second = null;
        try
        {
            second = await holds.HoldGrainAsync(inOrder ? targetId : customerId, cancellationToken);
            var (other, target) = inOrder ? (first, second) : (second, first);
            if (other.Erased)
            {
                return JoinOutcome.Elsewhere;
            }
            if (target.Erased || target.MergedInto is not null)
            {
                return JoinOutcome.Later;
            }
            if (other.MergedInto is null)
            {
                await other.CloseAsync(targetId);
            }
        }
        finally
        {
            if (second is not null)
            {
                await second.ReleaseAsync(HoldEnd.Kept);
            }
            await first.ReleaseAsync(HoldEnd.Kept);
        }
        return await LeadsToAsync(customerId, targetId, cancellationToken) ? JoinOutcome.Joined : JoinOutcome.Elsewhere;
    }

    public Task RetireAsync(string customerId, CancellationToken cancellationToken) =>
        grains.GetGrain<ICustomerPeerGrain>(CustomerKey.Of(customerId)).RetireAsync(cancellationToken);

    /// <summary>Whether a closed customer's history goes to another one, directly or through customers who were closed themselves.</summary>
    private async Task<bool> LeadsToAsync(string closedId, string targetId, CancellationToken cancellationToken)
    {
        var customerId = closedId;
        for (var hop = 0; hop < HopsMax && customerId != targetId; hop++)
        {
            // A held customer shows what is committed, and nothing else.
            var held = await holds.HoldGrainAsync(customerId, cancellationToken);
            await held.ReleaseAsync(HoldEnd.Kept);
            if (held.Erased || held.MergedInto is null)
            {
                return hop > 0 || held.Erased
                    ? false
                    : throw new InvalidOperationException($"Customer {closedId} could not be closed: the journal did not commit.");
            }
            customerId = held.MergedInto;
        }
        return customerId == targetId;
    }
}
