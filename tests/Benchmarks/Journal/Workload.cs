using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Benchmarks.Journal;

/// <summary>The same rows for every contestant: customers at random, sequence numbers in order.</summary>
internal sealed class Workload
{
    private const int Seed = 20250101;

    private readonly int[] _customers;
    private readonly long[] _sequences;

    private Workload(string[] ids, long[] keys, int rows, int payloadBytes)
    {
        var random = new Random(Seed);
        Ids = ids;
        Keys = keys;
        var payload = new byte[payloadBytes];
        random.NextBytes(payload);
        Payload = payload;
        _customers = new int[rows];
        _sequences = new long[rows];
        var last = new long[ids.Length];
        Array.Fill(last, 1);
        for (var i = 0; i < rows; i++)
        {
            _customers[i] = random.Next(ids.Length);
            _sequences[i] = ++last[_customers[i]];
        }
    }

    public string[] Ids { get; }

    public long[] Keys { get; }

    public ReadOnlyMemory<byte> Payload { get; }

    public int Rows => _customers.Length;

    public (int Customer, long Sequence) this[int row] => (_customers[row], _sequences[row]);

    /// <summary>For a database that knows no keys.</summary>
    public static Workload Create(string[] ids, int rows, int payloadBytes) => new(ids, new long[ids.Length], rows, payloadBytes);

    /// <summary>Puts the customers into a new database, each with one row.</summary>
    public static async Task<Workload> CreateAsync(IStorage storage, int customers, int rows, int payloadBytes)
    {
        var first = Enumerable.Range(0, customers)
            .Select(i => new JournalAppend($"customer-{i:D8}", 0, 1, 1, new byte[payloadBytes], 0, 0))
            .ToArray();
        foreach (var append in first)
        {
            storage.Journal.TryAppend(append);
        }

        await Task.WhenAll(first.Select(a => a.Completion).Distinct());
        return new Workload([.. first.Select(a => a.CustomerId)], [.. first.Select(a => a.CustomerKey)], rows, payloadBytes);
    }
}
