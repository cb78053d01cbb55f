using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Profiles;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Reading;

/// <summary>
/// Loads of customers share statements: while some are under way, what comes gathers and goes with the next. A load that is alone starts at once; when many
/// customers wake together, the server is asked for dozens at a time.
/// </summary>
/// <param name="server">Where to read.</param>
/// <param name="salt">Before each id that is hashed for a tombstone.</param>
internal sealed class LoadQueue(PostgresServer server, byte[] salt)
{
    private const int BatchMax = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Load> _waiting = new();
    private readonly int _statementsMax = Math.Max(1, server.Options.ReadersMax / 2);
    private int _statements;

    public Task<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<StoredCustomer?>(cancellationToken);
        }

        var load = new Load(Parameters.Bytes(customerId));
        bool starts;
        lock (_gate)
        {
            _waiting.Enqueue(load);
            starts = _statements < _statementsMax;
            _statements += starts ? 1 : 0;
        }

        if (starts)
        {
            _ = RunAsync();
        }

        return load.Completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Reads batch after batch until nothing waits; never throws.</summary>
    private async Task RunAsync()
    {
        while (Take() is { Length: > 0 } batch)
        {
            try
            {
                byte[][] ids = [.. batch.Select(l => l.Id)];
                var found = await server.ListAsync(
                    "customer_load", c => c.Bind(ids).Bind(salt), r => (Place: r.GetInt64(0), Customer: Read(r)), CancellationToken.None);
                foreach (var (place, customer) in found)
                {
                    batch[place - 1].Completion.SetResult(customer);
                }

                foreach (var load in batch)
                {
                    load.Completion.TrySetResult(null);
                }
            }
            catch (Exception e)
            {
                foreach (var load in batch)
                {
                    load.Completion.TrySetException(e);
                }
            }
        }
    }

    private Load[] Take()
    {
        lock (_gate)
        {
            var batch = new Load[Math.Min(BatchMax, _waiting.Count)];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = _waiting.Dequeue();
            }

            _statements -= batch.Length == 0 ? 1 : 0;
            return batch;
        }
    }

    /// <summary>A row without a key is that of a tombstone.</summary>
    private static StoredCustomer Read(NpgsqlDataReader row)
    {
        if (row.IsDBNull(1))
        {
            return new StoredCustomer { Key = 0, Erased = true };
        }

        var key = row.GetInt64(1);
        return new StoredCustomer
        {
            Key = key,
            Sequence = row.Int64OrZero(2),
            State = row.IsDBNull(3) ? ReadOnlyMemory<byte>.Empty : row.GetFieldValue<byte[]>(3),
            JournalSequence = row.Int64OrZero(9),
            Assignment = row.Int64OrZero(6) == 0
                ? null
                : new ProfileAssignment(key, row.GetString(4), row.GetInt32(5), row.GetInt64(6), row.GetDouble(7), row.GetInt64(8)),
        };
    }

    private sealed record Load(byte[] Id)
    {
        public TaskCompletionSource<StoredCustomer?> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
