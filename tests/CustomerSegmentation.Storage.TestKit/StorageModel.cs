using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>What a storage should hold, in plain dictionaries; applies each operation to both and compares.</summary>
internal sealed class StorageModel(StorageHarness harness)
{
    private readonly Dictionary<string, Customer> _customers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _erased = new(StringComparer.Ordinal);
    private long _revision;
    private long _activation = 1;

    public static IReadOnlyList<string> Customers { get; } = ["anna", "ben", "cleo\0", "😀", "\uff5e", "Anna"];

    /// <summary>The first stands for unassigned.</summary>
    public static IReadOnlyList<string> Segments { get; } = ["", "loyal", "new", "at-risk"];

    private IStorage Storage => harness.Storage;

    public async Task ApplyAsync(StorageOperation operation)
    {
        var id = Customers[operation.Customer];
        var amount = operation.Number / 100.0;
        switch (operation.Kind)
        {
            case 0 or 1 or 2:
                await TrackAsync(id, 1 + Math.Abs(operation.Number) % 3);
                break;
            case 3 or 4 or 5 or 6:
                await CheckpointAsync(id, Segments[operation.Segment], amount, operation.Number);
                break;
            case 7:
                await ReassignAsync(Segments[Math.Max(1, operation.Segment)], operation.Number % 4 != 0);
                break;
            case 8 when operation.Number % 3 == 0:
                await EraseAsync(id);
                break;
            case 8:
                await RetireAsync(id);
                break;
            default:
                await harness.ReopenAsync(clean: operation.Number % 2 == 0);
                break;
        }
    }

    public async Task CheckAsync()
    {
        var rows = _customers.Values.Where(c => c.Row is not null).ToArray();
        var expected = rows.GroupBy(c => c.Row!.Assignment?.Segment ?? "")
            .Select(g => (g.Key, g.LongCount(), MonetaryUnits.ToAmount(g.Sum(c => MonetaryUnits.FromAmount(c.Row!.Monetary)))))
            .Order();
        var totals = await Storage.Profiles.GetTotalsAsync();
        Assert.Equal(expected, totals.Segments.Where(s => s.Customers != 0).Select(s => (s.Key, s.Customers, s.Monetary)).Order());
        Assert.All(totals.Segments.Where(s => s.Customers == 0), s => Assert.Equal(0, s.Monetary));
        Assert.Equal(_revision, totals.Revision);

        var listed = await Storage.Profiles.ListAsync(null, null, 100);
        Assert.Equal(
            rows.OrderBy(c => c.Id, CustomerIdComparer.Instance).Select(c => (c.Id, c.Row!.Assignment?.Segment, c.Row.Monetary)),
            listed.Select(c => (c.Id, c.Segment, c.Monetary)));

        var members = rows.SelectMany(c => c.Row!.Audiences).GroupBy(a => a).Select(g => (g.Key, g.LongCount())).Order();
        Assert.Equal(members, (await Storage.Audiences.CountMembersAsync()).Where(m => m.Value != 0).Select(m => (m.Key, m.Value)).Order());
        foreach (var id in Customers)
        {
            await CheckCustomerAsync(id);
        }

        var scanned = await ReadAsync(Storage.Journal.ScanAsync());
        Assert.Equal(_customers.Values.OrderBy(c => c.Key).SelectMany(c => c.Appends), scanned);
    }

    private async Task CheckCustomerAsync(string id)
    {
        var stored = await Storage.Customers.LoadAsync(id);
        if (_erased.Contains(id))
        {
            Assert.True(stored!.Erased);
            return;
        }

        if (!_customers.TryGetValue(id, out var customer))
        {
            Assert.Null(stored);
            return;
        }

        Assert.Equal((customer.Key, customer.Sequence, customer.Last), (stored!.Key, stored.Sequence, stored.JournalSequence));
        Assert.Equal(customer.Row?.Assignment, stored.Assignment);
        var records = await ReadAsync(Storage.Journal.ReadAsync(id, 0));
        Assert.Equal(customer.Appends, records);
        Assert.Equal(Enumerable.Reverse(customer.Appends), await ReadAsync(Storage.Journal.ReadBackwardsAsync(id, long.MaxValue)));
    }

    private async Task TrackAsync(string id, int count)
    {
        var customer = _customers.GetValueOrDefault(id);
        var append = Records.Append(id, (customer?.Last ?? 0) + 1, count, customer?.Key ?? 0);
        Assert.Equal(AppendResult.Queued, Storage.Journal.TryAppend(append));
        await append.Completion;
        if (_erased.Contains(id))
        {
            Assert.Equal(JournalOutcome.Fenced, append.Outcome);
            return;
        }

        Assert.Equal(JournalOutcome.Committed, append.Outcome);
        _customers.TryAdd(id, new Customer(id, append.CustomerKey));
        _customers[id].Appends.Add((append.FirstSequence, count));
        await CheckCustomerAsync(id);
    }

    private async Task CheckpointAsync(string id, string segment, double amount, int number)
    {
        var customer = _customers.GetValueOrDefault(id);
        var sequence = Math.Max(1, (customer?.Last ?? 5) - (number % 5 == 0 ? 2 : 0));
        var key = customer?.Key ?? 999;
        var activation = Math.Max(1, _activation - (number % 7 == 0 ? 1 : 0));
        var assignment = segment.Length == 0 ? null : Records.Assignment(segment, activation, key);
        string[] audiences = [.. new[] { "vip", "young", "old" }.Where((_, i) => (number >> i & 1) != 0)];
        var checkpoint = Records.Checkpoint(id, key, sequence, assignment, amount, number, audiences);
        var changes = await Storage.Customers.CheckpointAsync([checkpoint]);
        if (customer is null || sequence < customer.Sequence || sequence <= customer.Retired)
        {
            Assert.Empty(changes.Deltas);
            return;
        }

        var keeps = customer.Row?.Assignment is { } old && (assignment?.Activation ?? 0) < old.Activation;
        customer.Sequence = sequence;
        customer.Row = keeps ? With(checkpoint.Profile, customer.Row!.Assignment) : checkpoint.Profile;
        Note(changes);
    }

    private async Task ReassignAsync(string segment, bool later)
    {
        _activation += later ? 1 : 0;
        var assigned = _customers.Values.ToArray();
        var changes = await Storage.Profiles.ReassignAsync(
            5, _activation, [.. assigned.Select(c => Records.Assignment(segment, _activation, c.Key, 5))]);
        foreach (var customer in assigned.Where(c => c.Row is { } row && (row.Assignment?.Activation ?? 0) < _activation))
        {
            customer.Row = With(customer.Row!, Records.Assignment(segment, _activation, customer.Key, 5));
        }

        Note(changes);
    }

    private async Task EraseAsync(string id)
    {
        var erased = await Storage.Customers.EraseAsync([id]);
        _customers.Remove(id, out var customer);
        _erased.Add(id);
        Assert.Equal((customer?.Last ?? 0, customer?.Row is null ? 0 : 1), (erased.Events, erased.Profiles));
        Note(erased.Changes);
    }

    private async Task RetireAsync(string id)
    {
        var customer = _customers.GetValueOrDefault(id);
        var changes = await Storage.Customers.RetireAsync(id, Records.Checkpoint(id, customer?.Key ?? 0, customer?.Last ?? 1));
        if (customer is not null)
        {
            customer.Retired = customer.Last;
            customer.Sequence = 0;
            customer.Row = null;
        }

        Note(changes);
    }

    private void Note(ProfileChanges changes)
    {
        if (changes.Deltas.Count > 0)
        {
            Assert.True(changes.Revision > _revision);
            _revision = changes.Revision;
        }
    }

    private static async Task<List<(long FirstSequence, int Count)>> ReadAsync(IAsyncEnumerable<JournalRecord> records)
    {
        var read = new List<(long FirstSequence, int Count)>();
        await foreach (var record in records)
        {
            Assert.Equal(Records.Payload(record.CustomerId, record.FirstSequence), record.Payload.ToArray());
            read.Add((record.FirstSequence, record.Count));
        }

        return read;
    }

    private static ProfileRow With(ProfileRow row, ProfileAssignment? assignment) => new()
    {
        CustomerId = row.CustomerId,
        CustomerKey = row.CustomerKey,
        Vector = row.Vector,
        SchemaHash = row.SchemaHash,
        Embedding = row.Embedding,
        EmbeddingModel = row.EmbeddingModel,
        Text = row.Text,
        TextModel = row.TextModel,
        AsOfMs = row.AsOfMs,
        Assignment = assignment,
        Monetary = row.Monetary,
        Audiences = row.Audiences,
    };

    private sealed class Customer(string id, long key)
    {
        public string Id { get; } = id;
        public long Key { get; } = key;
        public List<(long FirstSequence, int Count)> Appends { get; } = [];
        public long Last => Appends.Sum(a => a.Count);
        public long Sequence { get; set; }
        public long Retired { get; set; }
        public ProfileRow? Row { get; set; }
    }
}
