using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Audiences;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Audiences;

public sealed class AudienceRuleTests
{
    [Theory]
    [InlineData("""{"feature":"frequency","op":">=","value":2}""", true)]
    [InlineData("""{"feature":"frequency","op":"<","value":2}""", false)]
    [InlineData("""{"feature":"frequency","op":"=","value":2}""", true)]
    [InlineData("""{"feature":"frequency","op":"!=","value":2}""", false)]
    [InlineData("""{"feature":"recencyDays","op":">","value":4.5}""", true)]
    [InlineData("""{"trait":"country","op":"=","value":"France"}""", true)]
    [InlineData("""{"trait":"country","op":"!=","value":"France"}""", false)]
    [InlineData("""{"trait":"country","op":"in","value":["Spain","France"]}""", true)]
    [InlineData("""{"trait":"country","op":"in","value":["Spain"]}""", false)]
    [InlineData("""{"trait":"country","op":"contains","value":"ran"}""", true)]
    [InlineData("""{"trait":"country","op":"exists","value":true}""", true)]
    [InlineData("""{"trait":"city","op":"exists","value":false}""", true)]
    [InlineData("""{"trait":"city","op":"=","value":"Paris"}""", false)]
    [InlineData("""{"trait":"city","op":"!=","value":"Paris"}""", true)]
    [InlineData("""{"trait":"age","op":">=","value":41}""", true)]
    [InlineData("""{"trait":"age","op":"in","value":[40,41]}""", true)]
    [InlineData("""{"trait":"country","op":">","value":1}""", false)]
    [InlineData("""{"trait":"newsletter","op":"=","value":true}""", true)]
    [InlineData("""{"segment":"champions"}""", true)]
    [InlineData("""{"segment":{"in":["loyal","champions"]}}""", true)]
    [InlineData("""{"segment":"loyal"}""", false)]
    [InlineData("""{"not":{"segment":"loyal"}}""", true)]
    [InlineData("""{"all":[{"segment":"champions"},{"feature":"frequency","op":">","value":5}]}""", false)]
    [InlineData("""{"any":[{"segment":"loyal"},{"feature":"frequency","op":">","value":1}]}""", true)]
    public void Evaluate_each_kind_of_condition_gives_its_truth(string json, bool expected)
    {
        var state = Known();
        Assert.Equal(expected, AudienceRule.Parse(json).Evaluate(Context(state, RandomCustomer.Epoch + (5 * RandomCustomer.DayMs))));
    }

    [Fact]
    public void Evaluate_without_traits_and_segment_treats_them_as_absent()
    {
        var context = new AudienceContext { Vector = Vectors.At(Known().Features, 0), AsOfMs = RandomCustomer.Epoch };
        Assert.False(AudienceRule.Parse("""{"segment":"champions"}""").Evaluate(context));
        Assert.True(AudienceRule.Parse("""{"trait":"country","op":"exists","value":false}""").Evaluate(context));
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$:")]
    [InlineData("{}", "$:")]
    [InlineData("""{"all":[]}""", "$.all:")]
    [InlineData("""{"all":[{"feature":"recencyDays","op":">","value":1},{"feature":"nope","op":">","value":1}]}""", "$.all[1].feature:")]
    [InlineData("""{"not":{"feature":"recencyDays","op":"~","value":1}}""", "$.not.op:")]
    [InlineData("""{"feature":"recencyDays","op":">","value":"30"}""", "$.value:")]
    [InlineData("""{"feature":"recencyDays","op":">","value":1e999}""", "$.value:")]
    [InlineData("""{"feature":"recencyDays","op":">"}""", "$:")]
    [InlineData("""{"feature":"recencyDays","op":">","value":1,"valeu":2}""", "$.valeu:")]
    [InlineData("""{"feature":"recencyDays","op":">","value":1,"value":2}""", "$.value:")]
    [InlineData("""{"trait":"country","op":">","value":"France"}""", "$.value:")]
    [InlineData("""{"trait":"country","op":"in","value":"France"}""", "$.value:")]
    [InlineData("""{"trait":"country","op":"in","value":["a",{}]}""", "$.value[1]:")]
    [InlineData("""{"segment":{"in":[1]}}""", "$.segment.in[0]:")]
    [InlineData("""{"event":"Order Completed","within":"30d","atLeast":1}""", "$:")]
    public void Parse_what_is_no_rule_is_refused_with_its_path(string json, string path)
    {
        var refused = Assert.Throws<FormatException>(() => AudienceRule.Parse(json));
        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_deep_and_wide_rules_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"not":""", 40)) + """{"segment":"a"}""" + new string('}', 40);
        Assert.Throws<FormatException>(() => AudienceRule.Parse(deep));
        var wide = """{"any":[""" + string.Join(',', Enumerable.Repeat("""{"segment":"a"}""", 500)) + "]}";
        Assert.Throws<FormatException>(() => AudienceRule.Parse(wide));
    }

    [Fact]
    public void Next_due_of_days_is_the_time_at_which_the_value_passes_within_a_float()
    {
        var state = Known();
        var now = RandomCustomer.Epoch + RandomCustomer.DayMs;
        var context = Context(state, now);
        var reached = RandomCustomer.Epoch + (30 * RandomCustomer.DayMs);
        Assert.InRange(Due("""{"feature":"recencyDays","op":">","value":30}""", context, now) - reached, 0, 200);
        Assert.InRange(Due("""{"feature":"recencyDays","op":">=","value":30}""", context, now) - reached, -200, 0);
        Assert.InRange(Due("""{"feature":"recencyDays","op":"<","value":30}""", context, now) - reached, -200, 0);
        Assert.Equal(long.MaxValue, Due("""{"feature":"recencyDays","op":">","value":0.5}""", context, now));
        Assert.Equal(long.MaxValue, Due("""{"feature":"frequency","op":">","value":1}""", context, now));
        Assert.Equal(long.MaxValue, Due("""{"segment":"a"}""", context, now));
    }

    [Fact]
    public void Next_due_of_a_decay_is_one_half_life_for_half_the_value()
    {
        var state = Known();
        var now = RandomCustomer.Epoch;
        var due = Due("""{"feature":"orders7d","op":"<=","value":1}""", Context(state, now), now);
        Assert.InRange(due - now - (7 * RandomCustomer.DayMs), -1_000, 1_000);
        Assert.NotEqual(long.MaxValue, Due("""{"feature":"orders7d","op":">","value":0}""", Context(state, now), now));
    }

    [Fact]
    public void Next_due_between_now_and_it_the_result_is_constant_and_at_it_flips() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var state = new CustomerState("c");
        customer.Visits(4).ForEach(state.Apply);
        var rule = AudienceRule.Parse(RandomRule(customer, 3));
        var asOf = state.Features.LastSeenMs + customer.Next(1_000_000);
        var context = Context(state, asOf);
        var now = asOf;
        for (var step = 0; step < 10; step++)
        {
            var due = rule.NextDueMs(context, now);
            var truth = Aged(rule, state, context, now);
            for (var i = 0; i < 20; i++)
            {
                var end = Math.Min(due, now + (20_000 * RandomCustomer.DayMs));
                var between = now + (long)((end - 1 - now) * (i / 19.0));
                Assert.Equal(truth, Aged(rule, state, context, between));
            }

            if (due == long.MaxValue)
            {
                return;
            }

            Assert.Equal(!truth, Aged(rule, state, context, due));
            now = due;
        }
    });

    [Fact]
    public void Waking_at_each_due_time_never_misses_a_flip() => Seeds.All(seed =>
    {
        var customer = new RandomCustomer(seed);
        var state = new CustomerState("c");
        customer.Visits(4).ForEach(state.Apply);
        var rule = AudienceRule.Parse(RandomRule(customer, 3));
        var start = state.Features.LastSeenMs;
        var flips = new List<(long TimeMs, bool Member)>();
        var now = start;
        var member = rule.Evaluate(Context(state, now));
        for (var wakes = 0; wakes < 100; wakes++)
        {
            var due = rule.NextDueMs(Context(state, now), now);
            Assert.True(due > now);
            if (due == long.MaxValue)
            {
                break;
            }

            // A rule of at most eight conditions flips a few dozen times; more wakes than that would be spinning.
            Assert.True(wakes < 99);

            now = due;
            var fits = rule.Evaluate(Context(state, now));
            if (fits != member)
            {
                flips.Add((now, member = fits));
            }
        }

        // Away from the flips by more than the rounding of a float, a fresh evaluation agrees with what the wakes knew.
        for (var i = 0; i < 50; i++)
        {
            var time = start + (customer.Next(1_000_000) * (RandomCustomer.DayMs / 2_000));
            if (flips.All(f => Math.Abs(f.TimeMs - time) > 60_000))
            {
                var known = flips.LastOrDefault(f => f.TimeMs <= time, (0, rule.Evaluate(Context(state, start)))).Item2;
                Assert.Equal(rule.Evaluate(Context(state, time)), known);
            }
        }
    });

    /// <summary>The truth at a time, from the context's vector brought to that time.</summary>
    private static bool Aged(AudienceRule rule, CustomerState state, in AudienceContext context, long timeMs) =>
        rule.HoldsAt(new AudienceContext { Vector = context.Vector, AsOfMs = context.AsOfMs, Traits = state.Traits, Segment = context.Segment }, timeMs);

    private static string RandomRule(RandomCustomer random, int depth)
    {
        string[] ops = [">", ">=", "<", "<=", "=", "!="];
        return (depth == 0 ? 3 : random.Next(6)) switch
        {
            0 => $$"""{"all":[{{RandomRule(random, depth - 1)}},{{RandomRule(random, depth - 1)}}]}""",
            1 => $$"""{"any":[{{RandomRule(random, depth - 1)}},{{RandomRule(random, depth - 1)}}]}""",
            2 => $$"""{"not":{{RandomRule(random, depth - 1)}}}""",
            3 => $$"""{"feature":"recencyDays","op":"{{ops[random.Next(6)]}}","value":{{random.Next(400)}}}""",
            4 => $$"""{"feature":"tenureDays","op":"{{ops[random.Next(6)]}}","value":{{random.Next(900)}}}""",
            _ => $$"""{"feature":"views{{(random.Next(2) == 0 ? 7 : 30)}}d","op":"{{ops[random.Next(4)]}}","value":{{random.Next(300) / 100.0}}}""",
        };
    }

    private static long Due(string json, in AudienceContext context, long now) => AudienceRule.Parse(json).NextDueMs(context, now);

    private static AudienceContext Context(CustomerState state, long asOfMs) => new()
    {
        Vector = Vectors.At(state.Features, asOfMs),
        AsOfMs = asOfMs,
        Traits = state.Traits,
        Segment = state.Assignment?.Segment,
    };

    /// <summary>Two orders at the epoch; country France, age 41; a champion.</summary>
    private static CustomerState Known()
    {
        var state = new CustomerState("c") { Assignment = new SegmentAssignment("champions", 1, 1, 0.9f, 0) };
        state.Apply(new CustomerEvent { MessageId = "1", Kind = EventKind.OrderCompleted, TimestampMs = RandomCustomer.Epoch, Amount = 10 });
        state.Apply(new CustomerEvent { MessageId = "2", Kind = EventKind.OrderCompleted, TimestampMs = RandomCustomer.Epoch, Amount = 20 });
        state.Apply(new CustomerEvent
        {
            MessageId = "3",
            Kind = EventKind.TraitsIdentified,
            TimestampMs = RandomCustomer.Epoch,
            Traits =
            [
                new Trait { Name = "country", Value = "France" },
                new Trait { Name = "age", Value = "41", Number = 41 },
                new Trait { Name = "newsletter", Value = "true", Number = 1 },
            ],
        });
        return state;
    }
}
