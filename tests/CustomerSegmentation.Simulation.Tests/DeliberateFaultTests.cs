using CustomerSegmentation.Simulation.Tests.Checking;
using CustomerSegmentation.Simulation.Tests.Disk;

namespace CustomerSegmentation.Simulation.Tests;

/// <summary>The simulation finds bugs: each fault that a storage or an encoder could have is caught by the invariant that it breaks.</summary>
public sealed class DeliberateFaultTests
{
    // What is acknowledged or shown too early is mostly published too early first.
    private const int SeedsMax = 3_000;

    [Fact]
    public void Acknowledging_before_the_commit_is_caught() => Catches(DeliberateFault.AcknowledgesEarly, Invariant.AcknowledgedIsThere);

    [Fact]
    public void Showing_an_outcome_before_the_commit_is_caught() => Catches(DeliberateFault.ShowsOutcomeEarly, Invariant.PublishedIsCommitted);

    [Fact]
    public void Publishing_a_transition_before_the_commit_is_caught() => Catches(DeliberateFault.ShowsOutcomeEarly, Invariant.TransitionIsCommitted);

    [Fact]
    public void Erasing_one_id_after_the_other_is_caught() => Catches(DeliberateFault.ErasesInParts, Invariant.ErasedStaysErased);

    [Fact]
    public void Deltas_of_segments_that_are_twice_too_large_are_caught() => Catches(DeliberateFault.DeltasTwiceAsLarge, Invariant.ActorsEqualProfiles);

    [Fact]
    public void Losing_audiences_is_caught() => Catches(DeliberateFault.LosesAudiences, Invariant.AudiencesFollowRules);

    [Fact]
    public void Dropping_the_rule_of_the_predecessor_is_caught() => Catches(DeliberateFault.DropsPrevious, Invariant.NoGaps);

    [Fact]
    public void A_second_writer_that_is_not_fenced_is_caught() => Catches(DeliberateFault.DoesNotFence, Invariant.NothingTwice);

    [Fact]
    public void Committing_twice_is_caught() => Catches(DeliberateFault.CommitsTwice, Invariant.NothingTwice);

    [Fact]
    public void Committing_what_was_refused_is_caught() => Catches(DeliberateFault.CommitsRefused, Invariant.RefusedIsNotThere);

    /// <summary>The journal still refuses events of the erased, so nobody comes back: it shows in states, such as joins that wait for an erased id.</summary>
    [Fact]
    public void Forgetting_tombstones_is_caught() => Catches(DeliberateFault.ForgetsTombstones, Invariant.StateIsReplay);

    [Fact]
    public void Totals_that_are_off_by_one_are_caught() => Catches(DeliberateFault.TotalsOffByOne, Invariant.CountsEqualProfiles);

    [Fact]
    public void A_journal_that_reads_short_is_caught() => Catches(DeliberateFault.ReadsShort, Invariant.StateIsReplay);

    [Fact]
    public void A_reader_who_misses_acknowledged_events_is_caught() => Catches(DeliberateFault.ReadsShort, Invariant.ReadersSeeReceipts);

    [Fact]
    public void A_recovery_that_finds_nobody_is_caught() => Catches(DeliberateFault.FindsNobodyStale, Invariant.StateIsReplay);

    [Fact]
    public void An_encoder_that_skips_events_is_caught() => Catches(DeliberateFault.EncoderSkipsEvents, Invariant.EmbeddingIsReading);

    [Fact]
    public void An_encoder_that_mixes_models_is_caught() => Catches(DeliberateFault.EncoderMixesModels, Invariant.EmbeddingIsReading);

    [Fact]
    public void An_encoder_that_loses_requests_is_caught() => Catches(DeliberateFault.EncoderLosesRequests, Invariant.EverybodyIsRead);

    [Fact]
    public void A_process_that_never_learns_of_a_new_model_is_caught() => Catches(DeliberateFault.EncoderHidesNewModels, Invariant.EverybodyIsRead);

    [Fact]
    public void A_text_encoder_that_hangs_is_caught() => Catches(DeliberateFault.TextEncoderHangs, Invariant.EventsAreNotBlocked);

    [Fact]
    public void A_text_encoder_that_mixes_texts_is_caught() => Catches(DeliberateFault.TextEncoderMixesTexts, Invariant.TextIsItsEmbedding);

    private static void Catches(DeliberateFault fault, Invariant expected)
    {
        var caught = new SortedDictionary<Invariant, int>();
        for (var seed = 1; seed <= SeedsMax; seed++)
        {
            try
            {
                Simulation.Run(seed, fault);
            }
            catch (ViolationException e)
            {
                caught[e.Invariant] = caught.GetValueOrDefault(e.Invariant) + 1;
                if (e.Invariant == expected)
                {
                    return;
                }
            }
        }
        Assert.Fail($"{fault} did not break {expected} in {SeedsMax} seeds, only {string.Join(", ", caught)}");
    }
}
