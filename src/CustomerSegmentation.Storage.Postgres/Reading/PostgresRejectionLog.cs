using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;
using CustomerSegmentation.Storage.Rejections;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Reading;

internal sealed class PostgresRejectionLog : IRejectionLog
{
    private readonly RejectionQueue _queue;
    private readonly PostgresServer _server;
    private readonly long _writer;

    public PostgresRejectionLog(PostgresServer server, WriteQueue queue, long writer, long last)
    {
        _queue = new RejectionQueue(server.Options.RejectionQueueMax, last, () => queue.PostAsync(WriteAsync, CancellationToken.None));
        _server = server;
        _writer = writer;
    }

    public long Dropped => _queue.Dropped;

    public void Append(IReadOnlyList<RejectionView> rejections) => _queue.Append(rejections);

    /// <summary>Returns when all that was appended is written.</summary>
    public Task CloseAsync() => _queue.CloseAsync();

    public async Task<IReadOnlyList<RejectionView>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken = default)
    {
        // What waits here may be written by now: of this writer's own rows only those count that were written before.
        var waiting = _queue.Waiting();
        var before = waiting.Length > 0 ? waiting[0].Id : long.MaxValue;
        var written = await _server.ListAsync(
            "rejection_list", c => c.Bind(beforeId).Bind(limit).Bind(_writer).Bind(before), Read, cancellationToken);
        RejectionView[] all = [.. waiting.Where(r => r.Id < beforeId).Concat(written).OrderByDescending(r => r.Id)];

        // Several processes may have given the same number: the next page begins below it.
        return all.Length <= limit ? all : [.. all.TakeWhile((r, i) => i < limit || r.Id == all[limit - 1].Id)];
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
        var erased = _queue.Erase(customerId).Select(id => (id, session.Writer)).ToHashSet();
        erased.UnionWith(await session["rejection_erase"].Bind(Parameters.Bytes(customerId)).ListAsync(r => (r.GetInt64(0), r.GetInt64(1))));
        return erased.Count;
    }

    /// <summary>The id of the last one written.</summary>
    private async Task<long> WriteAsync(WriterSession session)
    {
        var batch = _queue.Waiting();
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
        await session["rejection_trim"].Bind(batch[^1].Id - _server.Options.RejectionsMax).ExecuteNonQueryAsync();
        return batch[^1].Id;
    }
}
