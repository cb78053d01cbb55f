using CustomerSegmentation.Client;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Tests.Clients;

public sealed class RetryTests
{
    private readonly ClientOptions _options = new() { RetriesMax = 3, RetryDelayMs = 1 };

    [Fact]
    public async Task What_was_not_committed_goes_again_before_what_came_later()
    {
        var silo = new UnsteadyEngine(failures: 2);
        var client = new GatheringEngine(new PatientEngine(silo, _options, TimeProvider.System), _options);

        var receipts = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => client.TrackAsync([Events.Of("a", Events.Order($"{i}", 1))])));

        Assert.Equal(["1", "1", "1", "2 3"], silo.Calls);
        Assert.All(receipts, r => Assert.Equal(TrackOutcome.Committed, Assert.Single(r).Outcome));
    }

    [Fact]
    public async Task After_the_last_attempt_the_caller_is_told()
    {
        var silo = new UnsteadyEngine(failures: 10);
        var client = new GatheringEngine(new PatientEngine(silo, _options, TimeProvider.System), _options);

        var receipts = await client.TrackAsync([Events.Of("a", Events.Order("1", 1))]);

        Assert.Equal(TrackOutcome.Unavailable, Assert.Single(receipts).Outcome);
        Assert.Equal(["1", "1", "1", "1"], silo.Calls);
    }

    [Fact]
    public async Task Requests_of_several_customers_are_answered_in_their_places()
    {
        var silo = new UnsteadyEngine(failures: 1);
        var client = new GatheringEngine(new PatientEngine(silo, _options, TimeProvider.System), _options);

        var receipts = await client.TrackAsync([Events.Of("a", Events.Order("1", 1)), Events.Of("b", Events.Order("2", 1)), Events.Of("a", Events.Order("3", 1))]);

        Assert.Equal(3, receipts.Count);
        Assert.All(receipts, r => Assert.Equal(TrackOutcome.Committed, r.Outcome));
        Assert.Equal(["1 3", "2"], silo.Calls.Take(2));
        Assert.Empty(await client.TrackAsync([]));
    }
}
