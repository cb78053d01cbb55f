using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Models;

public sealed class ModelRegistryTests
{
    [OnnxFact]
    public async Task Without_an_active_model_requests_are_unavailable()
    {
        await using var test = new TestRegistry();
        Assert.Null(test.Registry.Model);
        Assert.Equal(EncoderOutcome.Unavailable, (await test.EncodeAsync(TestPool.Describe(new GruModel(1)), 1, 1)).Outcome);
    }

    [OnnxFact]
    public async Task Loaded_model_answers_nobody_until_it_is_activated()
    {
        await using var test = new TestRegistry();
        var status = await test.LoadAsync(test.Folder.Add("1", new GruModel(1)));
        Assert.Equal(("test 1", "test-1.json", ModelState.Loaded), (status.Id, status.File, status.State));
        Assert.Null(test.Registry.Model);
        test.Registry.Activate("test 1");
        Assert.Equal("test 1", test.Registry.Model!.Id);
        Assert.Equal(["head0", "head1"], test.Registry.Model.Heads.Select(h => h.Name));
        Assert.Equal([0, 3], test.Registry.Model.Heads.Select(h => h.Offset));
        Assert.Equal(ModelState.Active, test.Registry.Models.Single().State);
    }

    [OnnxFact]
    public async Task Switch_answers_each_request_by_the_model_it_was_begun_for()
    {
        await using var test = new TestRegistry();
        var (small, large) = (new GruModel(1), new GruModel(2, stateSize: 12));
        var one = await test.ActivateAsync("1", small);
        var (_, stateOfOne) = await test.EncodeAsync(one, 5, 4);
        var two = await test.ActivateAsync("2", large);
        Assert.Equal(12, two.StateSize);
        var late = await test.EncodeAsync(one, 5, 4);
        Assert.Equal(EncoderOutcome.Encoded, late.Outcome);
        Customers.AssertClose(stateOfOne, late.State);
        Assert.Equal(12, (await test.EncodeAsync(two, 5, 4)).State.Length);
    }

    [OnnxFact]
    public async Task Switching_under_load_leaves_no_request_without_its_answer()
    {
        await using var test = new TestRegistry(new InferenceOptions { Lanes = 2, BatchMax = 8, BatchWaitMs = 0.2 });
        await test.ActivateAsync("1", new GruModel(1));
        await test.LoadAsync(test.Folder.Add("2", new GruModel(2, stateSize: 12)));
        using var stop = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var clients = Enumerable.Range(1, 20).Select(customer => Task.Run(async () =>
        {
            for (var i = 0; i < 10 || !stop.IsCancellationRequested; i++)
            {
                var request = test.Registry.Rent(test.Registry.Model!, (ulong)customer);
                request.Add(Customers.Tokens(customer, 3));
                Assert.Equal(EncoderOutcome.Encoded, await test.Registry.EncodeAsync(request));
                lock (seen)
                {
                    seen.Add(request.Result.Model.Id);
                }

                test.Registry.Return(request);
            }
        })).ToArray();
        for (var i = 0; i < 100; i++)
        {
            test.Registry.Activate(i % 2 == 0 ? "test 2" : "test 1");
            Assert.Equal(EncoderOutcome.Encoded, (await test.EncodeAsync(test.Registry.Model!, i, 2)).Outcome);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(["test 1", "test 2"], seen.Order());
    }

    [OnnxFact]
    public async Task Unloading_takes_a_model_that_is_not_in_use_and_no_other()
    {
        await using var test = new TestRegistry();
        await test.ActivateAsync("1", new GruModel(1));
        await test.ActivateAsync("2", new GruModel(2));
        await test.LoadAsync(test.Folder.Add("3", new GruModel(3)));
        test.Registry.StartShadow("test 3");
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Registry.UnloadAsync("test 2"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Registry.UnloadAsync("test 3"));
        await test.Registry.UnloadAsync("test 1");
        await test.Registry.UnloadAsync("test 1");
        Assert.Equal(["test 2", "test 3"], test.Registry.Models.Select(m => m.Id).Order());

        // The same version may now have another graph.
        test.Folder.Add("1", new GruModel(4));
        await test.LoadAsync("test-1.json");
    }

    [OnnxFact]
    public async Task Too_many_models_make_the_one_unload_that_was_not_needed_longest()
    {
        await using var test = new TestRegistry(new InferenceOptions { Lanes = 1, BatchWaitMs = 0, ModelsLoadedMax = 2 });
        var one = await test.ActivateAsync("1", new GruModel(1));
        await test.ActivateAsync("2", new GruModel(2));
        await test.LoadAsync(test.Folder.Add("3", new GruModel(3)));
        Assert.Equal(["test 2", "test 3"], test.Registry.Models.Select(m => m.Id).Order());
        Assert.Equal(EncoderOutcome.OtherModel, (await test.EncodeAsync(one, 1, 1)).Outcome);
        Assert.Throws<KeyNotFoundException>(() => test.Registry.Activate("test 1"));
        Assert.Equal("test 2", test.Registry.Model!.Id);
    }

    [OnnxFact]
    public async Task Loading_a_model_again_changes_nothing_and_another_graph_under_its_version_is_refused()
    {
        await using var test = new TestRegistry();
        var model = await test.ActivateAsync("1", new GruModel(1));
        Assert.Equal(ModelState.Active, (await test.LoadAsync("test-1.json")).State);
        Assert.Same(model, test.Registry.Model);
        test.Folder.Add("1", new GruModel(2));
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => test.LoadAsync("test-1.json"));
        Assert.Contains("another graph", error.Message);
        Assert.Same(model, test.Registry.Model);
    }

    [OnnxFact]
    public async Task Stop_answers_what_waits_and_then_nothing_is_available()
    {
        var test = new TestRegistry(new InferenceOptions { Lanes = 1 }, new ManualTime());
        var model = await test.ActivateAsync("1", new GruModel(1));
        var waiting = test.EncodeAsync(model, 1, 1);
        await test.DisposeAsync();
        Assert.Equal(EncoderOutcome.Encoded, (await waiting).Outcome);
        Assert.Equal(EncoderOutcome.Unavailable, (await test.EncodeAsync(model, 1, 1)).Outcome);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.LoadAsync("test-1.json"));
    }
}
