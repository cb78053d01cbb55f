using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryProfileIndex(InMemoryData data) : IProfileIndex
{
    /// <summary>A row of the storage's own with another assignment; the vector is copied once, when the row comes from outside.</summary>
    public static ProfileRow Copy(InMemoryCustomer customer, ProfileRow row, ProfileAssignment? assignment, long dueMs = long.MaxValue) => new()
    {
        CustomerId = customer.Id,
        CustomerKey = customer.Key,
        Vector = ReferenceEquals(row, customer.Row) ? row.Vector : row.Vector.ToArray(),
        SchemaHash = row.SchemaHash,
        Embedding = ReferenceEquals(row, customer.Row) ? row.Embedding : row.Embedding.ToArray(),
        EmbeddingModel = row.EmbeddingModel,
        Text = ReferenceEquals(row, customer.Row) ? row.Text : row.Text.ToArray(),
        TextModel = row.TextModel,
        AsOfMs = row.AsOfMs,
        Assignment = assignment is null ? null : assignment with { CustomerKey = customer.Key, DueMs = long.MaxValue },
        Monetary = row.Monetary,
        Orders = row.Orders,
        FirstSeenMs = row.FirstSeenMs,
        LastSeenMs = row.LastSeenMs,
        DueMs = Math.Min(row.DueMs, dueMs),
        Audiences = ReferenceEquals(row, customer.Row) ? row.Audiences : [.. row.Audiences],
    };

    public Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ProfileTotals>(cancellationToken);
        }

        lock (data.Gate)
        {
            SegmentTotal[] segments = [.. data.Totals
                .OrderBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => new SegmentTotal(t.Key, t.Value.Customers, MonetaryUnits.ToAmount(t.Value.Units)))];
            return Task.FromResult(new ProfileTotals(data.Revision, segments, data.LatestEventMs));
        }
    }

    public Task<IReadOnlyList<CustomerSummary>> ListAsync(
        string? segment, string? afterId, int limit, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<IReadOnlyList<CustomerSummary>>(cancellationToken);
        }

        lock (data.Gate)
        {
            CustomerSummary[] page = [.. data.ByKey.Values
                .Select(c => c.Row)
                .OfType<ProfileRow>()
                .Where(r => segment is null || (r.Assignment?.Segment ?? "") == segment)
                .Where(r => afterId is null || CustomerIdComparer.Instance.Compare(r.CustomerId, afterId) > 0)
                .OrderBy(r => r.CustomerId, CustomerIdComparer.Instance)
                .Take(limit)
                .Select(r => new CustomerSummary
                {
                    Id = r.CustomerId,
                    Segment = r.Assignment?.Segment,
                    Probability = r.Assignment?.Probability ?? 0,
                    Monetary = r.Monetary,
                    Orders = r.Orders,
                    LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(r.LastSeenMs),
                })];
            return Task.FromResult<IReadOnlyList<CustomerSummary>>(page);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(
        KeyRange range, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ProfileRow[] rows;
        lock (data.Gate)
        {
            rows = [.. data.ByKey.Values.Select(c => c.Row).OfType<ProfileRow>().Where(r => r.CustomerKey > range.After && r.CustomerKey <= range.UpTo)];
        }

        foreach (var batch in rows.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return batch;
        }

        await Task.CompletedTask;
    }

    public Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<long>(cancellationToken);
        }

        lock (data.Gate)
        {
            return Task.FromResult(data.ByKey.Values.Where(c => c.Row is not null).Select(c => c.Key).DefaultIfEmpty().Max());
        }
    }

    public Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<IReadOnlyList<string>>(cancellationToken);
        }

        lock (data.Gate)
        {
            string[] due = [.. data.ByKey.Values
                .Select(c => c.Row)
                .OfType<ProfileRow>()
                .Where(r => r.DueMs != long.MaxValue && r.DueMs <= nowMs)
                .OrderBy(r => r.DueMs)
                .ThenBy(r => r.CustomerKey)
                .Take(limit)
                .Select(r => r.CustomerId)];
            return Task.FromResult<IReadOnlyList<string>>(due);
        }
    }

    public Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ProfileChanges>(cancellationToken);
        }

        lock (data.Gate)
        {
            var moved = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
            foreach (var assignment in assignments)
            {
                if (data.ByKey.TryGetValue(assignment.CustomerKey, out var customer)
                    && customer.Row is { } row
                    && (row.Assignment?.Activation ?? 0) < activation)
                {
                    var assigned = assignment with { Version = version, Activation = activation };
                    data.ReplaceRow(customer, Copy(customer, row, assigned, assignment.DueMs), moved);
                }
            }

            return Task.FromResult(data.Book(moved));
        }
    }

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<IReadOnlyList<SegmentFlow>>(cancellationToken);
        }

        lock (data.Gate)
        {
            var since = FlowHours.FromMs(sinceMs);
            SegmentFlow[] flows = [.. data.Flows
                .Where(f => f.Key.Hour >= since)
                .GroupBy(f => (f.Key.From, f.Key.To))
                .OrderBy(g => g.Key.From, StringComparer.Ordinal)
                .ThenBy(g => g.Key.To, StringComparer.Ordinal)
                .Select(g => new SegmentFlow { From = g.Key.From, To = g.Key.To, Customers = g.Sum(f => f.Value) })];
            return Task.FromResult<IReadOnlyList<SegmentFlow>>(flows);
        }
    }
}
