using System.Buffers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.State;

public sealed class CustomerStateTests
{
    [Fact]
    public void Apply_the_same_events_gives_the_same_bytes() => Seeds.All(seed =>
    {
        var events = new RandomCustomer(seed).Visits();
        Assert.Equal(Applied(events).ToBytes(), Applied(events).ToBytes());
    }, tests: 30);

    [Fact]
    public void Read_what_was_written_then_apply_more_equals_never_having_stopped() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var events = customer.Shuffled(customer.Visits(20, 20));
        var straight = new CustomerState("c");
        var stopped = new CustomerState("c");
        for (var i = 0; i < events.Count; i++)
        {
            straight.Apply(events[i]);
            stopped.Apply(events[i]);
            if (i % 7 == 0)
            {
                stopped = CustomerState.Read(stopped.ToBytes());
            }
        }

        Assert.Equal(straight.ToBytes(), stopped.ToBytes());
        var asOf = straight.Features.LastSeenMs + 1;
        Assert.Equal(Vectors.At(straight.Features, asOf), Vectors.At(stopped.Features, asOf));
        Assert.Equal(straight.Ring.Tokens.ToArray(), stopped.Ring.Tokens.ToArray());
        Assert.Equal(straight.Traits.Values, stopped.Traits.Values);
    }, tests: 50);

    [Fact]
    public void Read_everything_beside_the_features_gives_it_back()
    {
        var state = Applied(new RandomCustomer(4).Visits());
        state.Assignment = new SegmentAssignment("champions", 3, 5, 0.75f, 1_000);
        state.DueMs = 123;
        state.JoinRequested("anonymous-1");
        state.JoinRequested("anonymous-2");
        state.JoinRequested("c");
        state.JoinCompleted("anonymous-1");
        state.EnterAudience("vip", 2, 500);
        state.AddTransition(Transition(null, "new", 1));
        state.AddTransition(Transition("new", null, 2));
        var read = CustomerState.Read(state.ToBytes());
        Assert.Equal("c", read.CustomerId);
        Assert.Equal(state.Sequence, read.Sequence);
        Assert.Equal(state.Assignment, read.Assignment);
        Assert.Equal(123, read.DueMs);
        Assert.Equal(["anonymous-1"], read.JoinedIds);
        Assert.Equal(["anonymous-2"], read.PendingJoins);
        Assert.Equal([new AudienceMembership("vip", 2, 500)], read.Audiences);
        Assert.Equivalent(state.Transitions, read.Transitions, strict: true);
        Assert.Equal([null, "new"], read.Transitions.Select(t => t.To));
        Assert.Null(read.MergedInto);
    }

    [Fact]
    public void Write_to_a_buffer_gives_the_bytes_of_to_bytes()
    {
        var state = Applied(new RandomCustomer(4).Visits());
        var writer = new ArrayBufferWriter<byte>();
        state.Write(writer);
        Assert.Equal(state.ToBytes(), writer.WrittenSpan.ToArray());
    }

    [Fact]
    public void Read_any_flipped_bit_is_noticed_and_names_the_customer_where_it_can()
    {
        var bytes = Applied(new RandomCustomer(4).Visits()).ToBytes();
        var named = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            try
            {
                // Only the id itself is outside the hash: another id is another customer, which the caller compares.
                Assert.NotEqual("c", CustomerState.Read(damaged).CustomerId);
            }
            catch (CorruptStateException e)
            {
                named += e.CustomerId == "c" ? 1 : 0;
            }
        }

        Assert.InRange(named, bytes.Length * 9 / 10, bytes.Length);
    }

    [Fact]
    public void Read_cut_bytes_is_refused()
    {
        var bytes = Applied(new RandomCustomer(4).Visits()).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<CorruptStateException>(() => CustomerState.Read(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Apply_merged_into_moves_the_history_and_touches_no_feature()
    {
        var events = new RandomCustomer(4).Visits();
        var state = Applied(events);
        var before = Vectors.At(state.Features, 0);
        state.Apply(new CustomerEvent { MessageId = "join", Kind = EventKind.MergedInto, TimestampMs = long.MaxValue, OtherId = "known" });
        Assert.Equal("known", state.MergedInto);
        Assert.Equal(events.Count + 1, state.Sequence);
        Assert.Equal(before, Vectors.At(state.Features, 0));
        Assert.Equal("known", CustomerState.Read(state.ToBytes()).MergedInto);
    }

    [Fact]
    public void Transitions_and_joined_ids_beyond_their_limits_drop_the_oldest()
    {
        var state = new CustomerState("c");
        for (var i = 0; i < 40; i++)
        {
            state.AddTransition(Transition("a", $"s{i}", i));
            state.JoinCompleted($"id{i}");
        }

        Assert.Equal(CustomerState.TransitionsMax, state.Transitions.Count);
        Assert.Equal("s39", state.Transitions[0].To);
        Assert.Equal(CustomerState.JoinedIdsMax, state.JoinedIds.Count);
        Assert.Equal("id39", state.JoinedIds[^1]);
    }

    [Fact]
    public void Audiences_entered_again_keep_since_and_take_the_revision()
    {
        var state = new CustomerState("c");
        state.EnterAudience("vip", 1, 10);
        state.EnterAudience("vip", 2, 20);
        Assert.Equal(new AudienceMembership("vip", 2, 10), state.FindAudience("vip"));
        Assert.True(state.LeaveAudience("vip"));
        Assert.False(state.LeaveAudience("vip"));
        Assert.Null(state.FindAudience("vip"));
    }

    [Fact]
    public void Read_and_write_of_a_new_customer_gives_an_empty_state()
    {
        var read = CustomerState.Read(new CustomerState("c").ToBytes());
        Assert.Equal(0, read.Sequence);
        Assert.Equal(long.MaxValue, read.DueMs);
        Assert.Null(read.Assignment);
        Assert.Equal(0, read.Duplicates.Count);
    }

    private static CustomerState Applied(List<CustomerEvent> events)
    {
        var state = new CustomerState("c");
        events.ForEach(state.Apply);
        return state;
    }

    private static SegmentTransition Transition(string? from, string? to, int version) => new()
    {
        CustomerId = "c",
        From = from,
        To = to,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(1_600_000_000_000 + version),
        Version = version,
        Cause = "event",
    };
}
