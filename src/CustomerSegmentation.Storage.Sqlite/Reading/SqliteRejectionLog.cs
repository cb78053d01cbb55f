using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteRejectionLog(SqliteStorageOptions options, WriteQueue queue, ReaderPool readers, long last) : IRejectionLog
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
                if (_queued.Count >= options.RejectionQueueMax)
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

    public Task<IReadOnlyList<RejectionView>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken = default)
    {
        List<RejectionView> page;
        lock (_gate)
        {
            page = [.. _queued.Where(r => r.Id < beforeId).Reverse().Take(limit)];
        }

        if (page.Count == limit)
        {
            return Task.FromResult<IReadOnlyList<RejectionView>>(page);
        }

        // What was queued may be written by now.
        var below = page.Count > 0 ? page[^1].Id : beforeId;
        return readers.ReadAsync<IReadOnlyList<RejectionView>>(
            reader =>
            {
                var rows = reader["rejection_list"].Bind(1, below).Bind(2, limit - page.Count);
                while (rows.Step())
                {
                    page.Add(Read(rows));
                }

                return page;
            },
            cancellationToken);
    }

    private static RejectionView Read(Statement row) => new()
    {
        Id = row.GetInt64(0),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Source = row.GetText(2),
        Code = row.GetText(3),
        Reason = row.GetText(4),
        CustomerId = row.GetTextOrNull(5),
        MessageId = row.GetTextOrNull(6),
        Position = row.IsNull(7) ? null : row.GetInt64(7),
        Excerpt = row.GetTextOrNull(8),
    };

    /// <summary>Removes customers' rejections, queued or written, in the running transaction; how many there were.</summary>
    public int Erase(WriterSession session, IReadOnlyList<string> customerIds)
    {
        var erased = new HashSet<long>();
        lock (_gate)
        {
            bool IsErased(RejectionView r) => r.CustomerId is { } id && customerIds.Contains(id);
            erased.UnionWith(_queued.Where(IsErased).Select(r => r.Id));
            _queued.RemoveAll(IsErased);
        }

        foreach (var id in customerIds)
        {
            var rows = session.Database["rejection_erase"].Bind(1, id);
            while (rows.Step())
            {
                erased.Add(rows.GetInt64(0));
            }
        }

        return erased.Count;
    }

    /// <summary>Writes what is queued. After an error it stays queued, for the next append to try again.</summary>
    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                var written = await queue.PostAsync(Write, durable: false, CancellationToken.None);
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
        catch (Exception e) when (e is SqliteStorageException or ObjectDisposedException)
        {
            // The journal shows the same fault to everybody; rejections wait.
            lock (_gate)
            {
                _flushing = false;
            }
        }
    }

    /// <summary>The id of the last one written.</summary>
    private long Write(WriterSession session)
    {
        RejectionView[] batch;
        lock (_gate)
        {
            batch = [.. _queued];
        }

        foreach (var queued in batch)
        {
            var r = queued.CustomerId is { } id && Tombstones.Contains(session.Database, session.Shared, id) ? queued.WithoutCustomer() : queued;
            var insert = session.Database["rejection_insert"]
                .Bind(1, r.Id)
                .Bind(2, r.Time.ToUnixTimeMilliseconds())
                .Bind(3, r.Source)
                .Bind(4, r.Code)
                .Bind(5, r.Reason)
                .Bind(6, r.CustomerId)
                .Bind(7, r.MessageId)
                .Bind(9, r.Excerpt);
            _ = r.Position is { } position ? insert.Bind(8, position) : insert.BindNull(8);
            insert.Run();
        }

        var last = batch.Length == 0 ? 0 : batch[^1].Id;
        session.Database["rejection_trim"].Bind(1, last - session.RejectionsMax).Run();
        return last;
    }
}
