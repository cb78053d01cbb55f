using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Features;

public sealed class AllocationTests
{
    [Fact]
    public void Apply_a_thousand_events_after_warm_up_allocates_nothing()
    {
        var events = Events(2_000);
        var features = Vectors.Applied(events.Take(1_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1_000; i < events.Count; i++)
        {
            features.Apply(events[i]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Apply_a_thousand_events_to_a_warm_state_allocates_nothing()
    {
        var events = Events(2_000);
        var state = new CustomerState("c");
        events.Take(1_000).ToList().ForEach(state.Apply);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1_000; i < events.Count; i++)
        {
            state.Apply(events[i]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Materialize_and_age_allocate_nothing()
    {
        var features = Vectors.Applied(Events(500));
        var vector = new float[FeatureSchema.Current.Count];
        features.Materialize(0, vector);
        FeatureSchema.Current.Age(vector, 0, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            features.Materialize(features.LastSeenMs + i, vector);
            FeatureSchema.Current.Age(vector, i, i + RandomCustomer.DayMs);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<CustomerEvent> Events(int count)
    {
        var customer = new RandomCustomer(11);
        return [.. Enumerable.Range(0, count).Select(i => customer.At(RandomCustomer.Epoch + (i * 600_000L)))];
    }
}
