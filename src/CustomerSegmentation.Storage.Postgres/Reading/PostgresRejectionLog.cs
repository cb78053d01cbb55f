using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;
using CustomerSegmentation.Storage.Rejections;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Reading;

internal sealed class PostgresRejectionLog(PostgresServer server, WriteQueue queue, long last) : IRejectionLog
{
    private readonly Lock _gate = new();

    /// <summary>Not yet written, oldest first.</summary>
    private readonly List<RejectionView> _queued = [];
    private long _last = last;
    private long _dropped;
    private bool _flushing;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Append(IReadOnlyList<RejectionView> rejections)
    {
        lock (_gate)
        {
            foreach (var rejection in rejections)
            {
                if (_queued.Count >= server.Options.RejectionQueueMax)
                {
                    Interlocked.Increment(ref _dropped);
                    continue;
                }

                _queued.Add(rejection.WithId(++_last));
            }

            if (!_flushing && _queued.Count > 0)
            {
                _flushing = true;
                _ = FlushAsync();
            }
        }
    }

    public async Task<IReadOnlyList<RejectionView>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken = default)
    {
        List<RejectionView> page;
        lock (_gate)
        {
            page = [.. _queued.Where(r => r.Id < beforeId).Reverse().Take(limit)];
        }

        if (page.Count == limit)
        {
            return page;
        }

        // What was queued may be written by now.
        var below = page.Count > 0 ? page[^1].Id : beforeId;
        page.AddRange(await server.ListAsync("rejection_list", c => c.Bind(below).Bind(limit - page.Count), Read, cancellationToken));
        return page;
    }

    private static RejectionView Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Source = row.Utf8(2),
        Code = row.Utf8(3),
        Reason = row.Utf8(4),
        CustomerId = row.Utf8OrNull(5),
        MessageId = row.Utf8OrNull(6),
        Position = row.IsDBNull(7) ? null : row.GetInt64(7),
        Excerpt = row.Utf8OrNull(8),
    };

    /// <summary>Removes a customer's rejections, queued or written, in the running transaction; how many there were.</summary>
    public async Task<int> EraseAsync(WriterSession session, string customerId)
    {
        var erased = new HashSet<(long Id, long Writer)>();
        lock (_gate)
        {
            erased.UnionWith(_queued.Where(r => r.CustomerId == customerId).Select(r => (r.Id, session.Writer)));
            _queued.RemoveAll(r => r.CustomerId == customerId);
        }

        erased.UnionWith(await session["rejection_erase"].Bind(Parameters.Bytes(customerId)).ListAsync(r => (r.GetInt64(0), r.GetInt64(1))));
        return erased.Count;
    }

    /// <summary>Writes what is queued. After an error it stays queued, for the next append to try again.</summary>
    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                var written = await queue.PostAsync(WriteAsync, CancellationToken.None);
                lock (_gate)
                {
                    _queued.RemoveAll(r => r.Id <= written);
                    if (_queued.Count == 0)
                    {
                        _flushing = false;
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is PostgresStorageException or ObjectDisposedException)
        {
            // The journal shows the same fault to everybody; rejections wait.
            lock (_gate)
            {
                _flushing = false;
            }
        }
    }

    /// <summary>The id of the last one written.</summary>
    private async Task<long> WriteAsync(WriterSession session)
    {
        RejectionView[] batch;
        lock (_gate)
        {
            batch = [.. _queued];
        }

        if (batch.Length == 0)
        {
            return 0;
        }

        await session["rejection_insert"]
            .Bind(session.Writer)
            .Bind<long[]>([.. batch.Select(r => r.Id)])
            .Bind<long[]>([.. batch.Select(r => r.Time.ToUnixTimeMilliseconds())])
            .Bind<byte[][]>([.. batch.Select(r => Parameters.Bytes(r.Source))])
            .Bind<byte[][]>([.. batch.Select(r => Parameters.Bytes(r.Code))])
            .Bind<byte[][]>([.. batch.Select(r => Parameters.Bytes(r.Reason))])
            .Bind<byte[]?[]>([.. batch.Select(r => Parameters.BytesOrNull(r.CustomerId))])
            .Bind<byte[]?[]>([.. batch.Select(r => Parameters.BytesOrNull(r.MessageId))])
            .Bind<long?[]>([.. batch.Select(r => r.Position)])
            .Bind<byte[]?[]>([.. batch.Select(r => Parameters.BytesOrNull(r.Excerpt))])
            .ExecuteNonQueryAsync();
        await session["rejection_trim"].Bind(batch[^1].Id - server.Options.RejectionsMax).ExecuteNonQueryAsync();
        return batch[^1].Id;
    }
}
