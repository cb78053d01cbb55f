using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;
using CustomerSegmentation.Encoders.TestKit;

namespace CustomerSegmentation.Domain.Tests.Encoders;

public sealed class EncoderReadingTests
{
    // The recurrence of the scripted encoder forgets, so that the rounding of states to half precision does not add up.
    private const float RoundingMax = 4e-3f;

    private static readonly EncoderModel Model = ScriptedEncoder.ModelOf("1");

    [Fact]
    public void Events_read_at_once_one_by_one_and_across_snapshots_give_the_same_within_half_precision() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var events = new Random(seed).Next(1, EventRing.Capacity);
        CustomerState atOnce = new("c"), oneByOne = new("c"), stopped = new("c");
        for (var i = 0; i < events; i++)
        {
            var e = customer.At(RandomCustomer.Epoch + (i * RandomCustomer.DayMs / 4));
            atOnce.Apply(e);
            oneByOne.Apply(e);
            stopped.Apply(e);
            Read(oneByOne);
            if (i % 3 == 0)
            {
                Read(stopped);
                stopped = CustomerState.Read(stopped.ToBytes());
            }
        }

        Read(atOnce);
        Read(stopped);
        AssertNear(Embedding(atOnce), Embedding(oneByOne));
        AssertNear(Embedding(atOnce), Embedding(stopped));
        AssertNear(Probabilities(atOnce), Probabilities(oneByOne));
    }, tests: 60);

    [Fact]
    public void Read_and_restored_goes_on_exactly_as_if_never_stopped() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        CustomerState straight = new("c"), stopped = new("c");
        foreach (var e in customer.Shuffled(customer.Visits(6, 6)))
        {
            straight.Apply(e);
            stopped.Apply(e);
            Read(straight);
            Read(stopped);
            stopped = CustomerState.Read(stopped.ToBytes());
        }

        Assert.Equal(straight.ToBytes(), stopped.ToBytes());
    }, tests: 30);

    [Fact]
    public void Long_history_costs_only_what_is_new()
    {
        var customer = new RandomCustomer(1);
        var state = new CustomerState("c");
        for (var i = 0; i < 3 * EventRing.Capacity; i++)
        {
            state.Apply(customer.At(RandomCustomer.Epoch + (i * RandomCustomer.DayMs), EventKind.ProductViewed));
            var request = Begin(state, out _);
            Assert.Equal((1, i == 0), (request.EventCount, request.IsFromStart));
            Read(state);
        }
    }

    [Fact]
    public void Late_event_is_read_with_the_whole_ring_from_its_start()
    {
        var state = WithEvents(5);
        Read(state);
        state.Apply(new RandomCustomer(9).At(RandomCustomer.Epoch - RandomCustomer.DayMs, EventKind.ProductViewed));

        Assert.True(EncoderReading.IsDue(state, Model));
        var request = Begin(state, out _);

        Assert.True(request.IsFromStart);
        Assert.Equal(6, request.EventCount);
    }

    [Fact]
    public void More_events_than_the_ring_holds_are_read_from_its_start()
    {
        var state = WithEvents(2);
        Read(state);
        var customer = new RandomCustomer(3);
        for (var i = 0; i <= EventRing.Capacity; i++)
        {
            state.Apply(customer.At(RandomCustomer.Epoch + ((10 + i) * RandomCustomer.DayMs), EventKind.ProductViewed));
        }

        var request = Begin(state, out _);

        Assert.True(request.IsFromStart);
        Assert.Equal(EventRing.Capacity, request.EventCount);
    }

    [Fact]
    public void Another_model_reads_the_ring_from_its_start()
    {
        var state = WithEvents(4);
        Read(state);
        Assert.False(EncoderReading.IsDue(state, Model));
        var other = ScriptedEncoder.ModelOf("2");
        Assert.True(EncoderReading.IsDue(state, other));

        var request = new EncoderRequest();
        request.Begin(other, 1);
        EncoderReading.Begin(state, request, state.Features.LastSeenMs);

        Assert.True(request.IsFromStart);
        Assert.Equal(4, request.EventCount);
    }

    [Fact]
    public void Event_that_comes_late_while_a_reading_is_under_way_makes_its_answer_void()
    {
        var state = WithEvents(3);
        var request = Begin(state, out var reading);
        state.Apply(new RandomCustomer(9).At(RandomCustomer.Epoch - RandomCustomer.DayMs, EventKind.ProductViewed));
        ScriptedEncoder.Compute(request);

        Assert.False(reading.TryKeep(state, request.Result));
        Assert.Null(state.Encoder);
    }

    [Fact]
    public void Event_that_comes_in_order_while_a_reading_is_under_way_goes_with_the_next_one()
    {
        var state = WithEvents(3);
        var request = Begin(state, out var reading);
        state.Apply(new RandomCustomer(9).At(RandomCustomer.Epoch + (9 * RandomCustomer.DayMs), EventKind.ProductViewed));
        ScriptedEncoder.Compute(request);

        Assert.True(reading.TryKeep(state, request.Result));
        Assert.True(EncoderReading.IsDue(state, Model));
        Assert.Equal(1, Begin(state, out _).EventCount);
    }

    [Fact]
    public void Answer_with_a_number_that_is_none_is_not_kept()
    {
        var state = WithEvents(3);
        var request = Begin(state, out var reading);
        ScriptedEncoder.Compute(request);
        request.StateOut[2] = 1e30f;

        Assert.Throws<ArgumentException>(() => reading.TryKeep(state, request.Result));
        Assert.Null(state.Encoder);
    }

    [Fact]
    public void Customer_without_events_has_nothing_to_read() => Assert.False(EncoderReading.IsDue(new CustomerState("c"), Model));

    private static CustomerState WithEvents(int count)
    {
        var customer = new RandomCustomer(2);
        var state = new CustomerState("c");
        for (var i = 0; i < count; i++)
        {
            state.Apply(customer.At(RandomCustomer.Epoch + (i * RandomCustomer.DayMs), EventKind.ProductViewed));
        }

        return state;
    }

    private static EncoderRequest Begin(CustomerState state, out EncoderReading reading)
    {
        var request = new EncoderRequest();
        request.Begin(Model, EncoderReading.NumberOf(state.CustomerId));
        reading = EncoderReading.Begin(state, request, state.Features.LastSeenMs);
        return request;
    }

    private static void Read(CustomerState state)
    {
        if (EncoderReading.IsDue(state, Model))
        {
            var request = Begin(state, out var reading);
            ScriptedEncoder.Compute(request);
            Assert.True(reading.TryKeep(state, request.Result));
        }
    }

    private static float[] Embedding(CustomerState state)
    {
        var numbers = new float[state.Encoder!.EmbeddingSize];
        state.Encoder.CopyEmbedding(numbers);
        return numbers;
    }

    private static float[] Probabilities(CustomerState state)
    {
        var numbers = new float[state.Encoder!.ClassCount];
        state.Encoder.CopyProbabilities(numbers);
        return numbers;
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, RoundingMax);
        }
    }
}
