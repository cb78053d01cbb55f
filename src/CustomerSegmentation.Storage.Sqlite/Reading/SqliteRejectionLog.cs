using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteRejectionLog : IRejectionLog
{
    private readonly RejectionQueue _queue;
    private readonly ReaderPool _readers;

    public SqliteRejectionLog(SqliteStorageOptions options, WriteQueue queue, ReaderPool readers, long last)
    {
        _queue = new RejectionQueue(options.RejectionQueueMax, last, () => queue.PostAsync(Write, durable: false, CancellationToken.None));
        _readers = readers;
    }

    public long Dropped => _queue.Dropped;

    public void Append(IReadOnlyList<RejectionView> rejections) => _queue.Append(rejections);

    /// <summary>Returns when all that was appended is written.</summary>
    public Task CloseAsync() => _queue.CloseAsync();

    public Task<IReadOnlyList<RejectionView>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken = default)
    {
        List<RejectionView> page = [.. _queue.Waiting().Where(r => r.Id < beforeId).Reverse().Take(limit)];
        if (page.Count == limit)
        {
            return Task.FromResult<IReadOnlyList<RejectionView>>(page);
        }

        // What waited may be written by now.
        var below = page.Count > 0 ? page[^1].Id : beforeId;
        return _readers.ReadAsync<IReadOnlyList<RejectionView>>(
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
        var erased = new HashSet<long>(customerIds.SelectMany(_queue.Erase));
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

    /// <summary>The id of the last one written.</summary>
    private long Write(WriterSession session)
    {
        var batch = _queue.Waiting();
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
