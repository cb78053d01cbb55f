using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;
using Npgsql;
using NpgsqlTypes;

namespace CustomerSegmentation.Storage.Postgres.Reading;

/// <summary>Choices and deletions of all processes take one lock: nobody chooses what somebody else deletes.</summary>
internal sealed class PostgresModelStore(PostgresServer server, WriteQueue queue, TimeProvider timeProvider) : ChunkedModelStore(timeProvider)
{
    public override async Task<ModelChoice> GetChoiceAsync(string kind, CancellationToken cancellationToken = default) =>
        await server.FirstAsync("model_choice_get", c => c.Bind(kind), r => ReadChoice(kind, r), cancellationToken) ?? new ModelChoice(kind, null, null, 0);

    protected override Task<StoredModel?> LoadAsync(string kind, string version, CancellationToken cancellationToken) =>
        server.FirstAsync("model_find", c => c.Bind(kind).Bind(version), Read, cancellationToken);

    protected override async Task<IReadOnlyList<StoredModel>> LoadAllAsync(string kind, CancellationToken cancellationToken) =>
        await server.ListAsync("model_list", c => c.Bind(kind), Read, cancellationToken);

    protected override Task<long> BeginUploadAsync(long nowMs, CancellationToken cancellationToken) =>
        queue.PostAsync(session => session["model_upload_begin"].Bind(nowMs).ScalarAsync<long>(), cancellationToken);

    protected override Task WriteChunkAsync(long upload, string file, int number, byte[] chunk, CancellationToken cancellationToken) => queue.PostAsync(
        session => session["model_chunk_write"].Bind(upload).Bind(file).Bind(number).Bind(chunk).ExecuteNonQueryAsync(), cancellationToken);

    protected override Task<bool> TryFinishUploadAsync(StoredModel model, CancellationToken cancellationToken) => queue.PostAsync(
        async session =>
        {
            if (await session["model_upload_end"].Bind(model.Upload).ExecuteNonQueryAsync() == 0)
            {
                throw new InvalidOperationException("The upload of the model took too long; its files were removed. Store it again.");
            }

            var record = model.Record;
            var inserted = await session["model_insert"]
                .Bind(record.Kind)
                .Bind(record.Version)
                .Bind(model.Upload)
                .Bind(record.StoredMs)
                .Bind(record.Checksum)
                .Bind(Parameters.Bytes(record.Manifest))
                .Bind(StoredModel.WriteFiles(record.Files))
                .ExecuteNonQueryAsync();
            if (inserted > 0)
            {
                return true;
            }

            await session["model_upload_abandon"].Bind(model.Upload).ExecuteNonQueryAsync();
            return false;
        },
        cancellationToken);

    protected override async Task<IReadOnlyList<long>> FindUploadsAsync(long beforeMs, CancellationToken cancellationToken) =>
        await server.ListAsync("model_upload_old", c => c.Bind(beforeMs), r => r.GetInt64(0), cancellationToken);

    protected override Task<bool> RemoveChunksAsync(long upload, int chunksMax, CancellationToken cancellationToken) => queue.PostAsync(
        async session =>
        {
            if (await session["model_chunk_remove"].Bind(upload).Bind(chunksMax).ExecuteNonQueryAsync() > 0)
            {
                return true;
            }

            await session["model_upload_end"].Bind(upload).ExecuteNonQueryAsync();
            return false;
        },
        cancellationToken);

    protected override Task<ModelRemoval> DetachAsync(string kind, string version, CancellationToken cancellationToken) => queue.PostAsync(
        async session =>
        {
            await session["models_lock"].ExecuteNonQueryAsync();
            var choices = await session["model_choice_get"].Bind(kind).ListAsync(r => ReadChoice(kind, r));
            if (choices.Any(c => c.Active == version || c.Previous == version))
            {
                return new ModelRemoval(true, null);
            }

            var removed = await session["model_delete"].Bind(kind).Bind(version).ListAsync(r => r.GetInt64(0));
            foreach (var upload in removed)
            {
                await session["model_upload_abandon"].Bind(upload).ExecuteNonQueryAsync();
            }

            return new ModelRemoval(false, removed.Count == 0 ? null : removed[0]);
        },
        cancellationToken);

    protected override Task<byte[]?> ReadChunkAsync(long upload, string file, int number, CancellationToken cancellationToken) =>
        server.FirstAsync("model_chunk_read", c => c.Bind(upload).Bind(file).Bind(number), r => r.GetFieldValue<byte[]>(0), cancellationToken);

    protected override Task<bool> TryReplaceChoiceAsync(ModelChoice next, CancellationToken cancellationToken) => queue.PostAsync(
        async session =>
        {
            await session["models_lock"].ExecuteNonQueryAsync();
            return await session["model_choice_replace"]
                .Bind(next.Kind)
                .BindNullable(NpgsqlDbType.Text, next.Active)
                .BindNullable(NpgsqlDbType.Text, next.Previous)
                .Bind(next.Revision)
                .ExecuteNonQueryAsync() > 0;
        },
        cancellationToken);

    private static ModelChoice ReadChoice(string kind, NpgsqlDataReader row) =>
        new(kind, row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2));

    private static StoredModel Read(NpgsqlDataReader row) => new(
        new ModelRecord(row.GetString(0), row.GetString(1), row.Utf8(2), row.GetString(3), row.GetInt64(4), StoredModel.ReadFiles(row.GetString(5))),
        row.GetInt64(6));
}
