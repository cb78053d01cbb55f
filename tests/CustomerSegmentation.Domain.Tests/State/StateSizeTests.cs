using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.State;

/// <summary>The budgets of memory and storage for one customer.</summary>
[Collection(HeapMeasurement.Name)]
public sealed class StateSizeTests
{
    [Fact]
    public void Bytes_of_a_typical_customer_stay_within_1200() => Assert.InRange(Typical(3).ToBytes().Length, 1, 1_200);

    [Fact]
    public void Bytes_of_the_fullest_customer_stay_within_2400() => Assert.InRange(Fullest(5).ToBytes().Length, 1, 2_400);

    [Fact]
    public void Memory_of_the_fullest_customer_stays_within_four_kilobytes_beside_shared_names()
    {
        // So many that what other tests allocate or leave meanwhile does not count.
        const int Customers = 4_000;
        Fullest(0);
        var bytes = Fullest(1).ToBytes();
        var states = new CustomerState[Customers];
        var estimated = 0L;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Customers; i++)
        {
            states[i] = CustomerState.Read(bytes);
            estimated += states[i].EstimatedBytes;
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Customers;
        GC.KeepAlive(states);
        Assert.InRange(each, 1, 4_096);
        Assert.InRange(estimated / Customers, each * 8 / 10, each * 12 / 10);
    }

    [Fact]
    public void Encoder_of_the_default_sizes_adds_at_most_340_bytes_to_the_snapshot_and_400_to_memory()
    {
        var state = Fullest(5);
        var (bytes, memory) = (state.ToBytes().Length, state.EstimatedBytes);
        state.Encoder = new EncoderState("default 2026-11-22.1", new float[96], new float[32], new float[9])
        {
            Seen = state.Ring.Total, LateCount = state.Ring.LateCount, LastMs = state.Features.LastSeenMs, AsOfMs = state.Features.LastSeenMs,
        };
        Assert.InRange(state.ToBytes().Length - bytes, 1, 340);
        Assert.InRange(state.EstimatedBytes - memory, 1, 400);
    }

    /// <summary>20 events in ten days, two of them orders.</summary>
    private static CustomerState Typical(int seed)
    {
        var customer = new RandomCustomer(seed);
        var state = new CustomerState("customer-12345");
        for (var i = 0; i < 20; i++)
        {
            var kind = i % 7 == 6 ? EventKind.OrderCompleted : i % 7 == 5 ? EventKind.ProductAdded : EventKind.ProductViewed;
            state.Apply(customer.At(RandomCustomer.Epoch + (i * RandomCustomer.DayMs / 2), kind));
        }

        return state;
    }

    /// <summary>Everything that has a limit is at it.</summary>
    private static CustomerState Fullest(int seed)
    {
        var customer = new RandomCustomer(seed);
        var state = new CustomerState("customer-12345");
        for (var i = 0; i < 1_500; i++)
        {
            state.Apply(customer.At(RandomCustomer.Epoch + (i * RandomCustomer.DayMs / 5)));
        }

        return state;
    }
}
