using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Any sequence of operations leaves the storage as it leaves a plain model.</summary>
public abstract class ModelConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    private const int SequencesTested = 40;

    [Fact]
    public void Any_sequence_of_operations_leaves_totals_equal_to_the_rows()
    {
        var operations =
            from kind in Gen.Choose(0, 9)
            from customer in Gen.Choose(0, StorageModel.Customers.Count - 1)
            from segment in Gen.Choose(0, StorageModel.Segments.Count - 1)
            from number in Gen.Choose(-1_000_000, 1_000_000)
            select new StorageOperation(kind, customer, segment, number);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(SequencesTested).WithEndSize(60),
            Prop.ForAll(Gen.ArrayOf(operations).ToArbitrary(), sequence => RunAsync(sequence).GetAwaiter().GetResult()));
    }

    private static async Task<bool> RunAsync(StorageOperation[] sequence)
    {
        await using var harness = await CreateAsync(new StorageLimits());
        var model = new StorageModel(harness);
        foreach (var operation in sequence)
        {
            await model.ApplyAsync(operation);
        }

        await model.CheckAsync();
        await harness.ReopenAsync(clean: true);
        await model.CheckAsync();
        return true;
    }
}
