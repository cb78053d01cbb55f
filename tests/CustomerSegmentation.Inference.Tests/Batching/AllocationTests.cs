using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Batching;

[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    // Bytes of one inference through queue, run and answer, averaged over many. What is left are now and then a larger array of a queue or of the thread pool.
    private const double BytesMax = 16;

    [OnnxFact]
    public void Runs_of_changing_shapes_allocate_nothing()
    {
        using var session = TestPool.Open(new GruModel(5));
        var model = TestPool.Describe(new GruModel(5));
        using var rows = new SequenceRows(TestLibrary.Runtime, session, model, 3, 4);
        var batches = new[] { 1, 3, 2 }.Select(size => Enumerable.Range(0, size).Select(i => Customers.Request(model, i, 1 + i)).ToArray()).ToArray();
        Run(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                foreach (var batch in batches)
                {
                    for (var row = 0; row < batch.Length; row++)
                    {
                        rows.Write(row, batch[row]);
                    }

                    rows.Run(batch.Length);
                    Assert.Null(rows.Read(0, batch[0]));
                }
            }
        }
    }

    [OnnxFact]
    public async Task Inference_in_steady_state_stays_within_its_budget()
    {
        const int Customers = 64;
        const int Rounds = 400;
        await using var pool = new TestPool(new GruModel(5), new InferenceOptions { Lanes = 2, BatchMax = 32, BatchWaitMs = 0 });
        var requests = new EncoderRequestPool(Customers);
        var tokens = Library.Customers.Tokens(1, 2);
        var failures = 0;
        await LoadAsync(100);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await LoadAsync(Rounds);
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Customers * Rounds);
        Assert.Equal(0, failures);
        Assert.True(bytes <= BytesMax, $"{bytes:F1} bytes for an inference");

        Task LoadAsync(int rounds) => Task.WhenAll(Enumerable.Range(1, Customers).Select(customer => OneAsync((ulong)customer, rounds)));

        async Task OneAsync(ulong customer, int rounds)
        {
            var state = new float[pool.Model.StateSize];
            for (var i = 0; i < rounds; i++)
            {
                var request = requests.Rent(pool.Model, customer);
                request.Continue(state, 0);
                request.Add(tokens);
                failures += await pool.Pool.EncodeAsync(request, CancellationToken.None).ConfigureAwait(false) == EncoderOutcome.Encoded ? 0 : 1;
                request.Result.State.CopyTo(state);
                requests.Return(request);
            }
        }
    }

    [Fact]
    public void Beginning_and_filling_a_request_allocates_nothing()
    {
        var model = TestPool.Describe(new GruModel(5));
        var request = new EncoderRequest();
        var tokens = Library.Customers.Tokens(1, EventRing.Capacity);
        var state = new float[model.StateSize];
        Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill()
        {
            request.Begin(model, 1);
            request.Continue(state, 5);
            request.Add(tokens);
        }
    }
}
