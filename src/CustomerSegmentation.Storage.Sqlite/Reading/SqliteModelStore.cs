using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteModelStore(WriteQueue queue, ReaderPool readers, TimeProvider timeProvider) : ChunkedModelStore(timeProvider)
{
    public override Task<ModelChoice> GetChoiceAsync(string kind, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(reader => ReadChoice(reader.Database, kind), cancellationToken);

    protected override Task<StoredModel?> LoadAsync(string kind, string version, CancellationToken cancellationToken) => readers.ReadAsync(
        reader =>
        {
            var row = reader["model_find"].Bind(1, kind).Bind(2, version);
            return row.Step() ? Read(row) : null;
        },
        cancellationToken);

    protected override Task<IReadOnlyList<StoredModel>> LoadAllAsync(string kind, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<StoredModel>>(
            reader =>
            {
                var models = new List<StoredModel>();
                var rows = reader["model_list"].Bind(1, kind);
                while (rows.Step())
                {
                    models.Add(Read(rows));
                }

                return models;
            },
            cancellationToken);

    protected override Task<long> BeginUploadAsync(long nowMs, CancellationToken cancellationToken) => queue.PostAsync(
        session =>
        {
            var row = session.Database["model_upload_begin"].Bind(1, nowMs);
            row.Step();
            var upload = row.GetInt64(0);
            row.Reset();
            return upload;
        },
        durable: false,
        cancellationToken);

    protected override Task WriteChunkAsync(long upload, string file, int number, byte[] chunk, CancellationToken cancellationToken) => queue.PostAsync(
        session =>
        {
            var insert = session.Database["model_chunk_write"];
            insert.Bind(1, upload).Bind(2, file).Bind(3, number).Bind(4, chunk).Run();
            insert.ClearBindings();
            return true;
        },
        durable: false,
        cancellationToken);

    protected override Task<bool> TryFinishUploadAsync(StoredModel model, CancellationToken cancellationToken) => queue.PostAsync(
        session =>
        {
            var database = session.Database;
            database["model_upload_end"].Bind(1, model.Upload).Run();
            if (database.Changes == 0)
            {
                throw new InvalidOperationException("The upload of the model took too long; its files were removed. Store it again.");
            }

            var record = model.Record;
            database["model_insert"]
                .Bind(1, record.Kind)
                .Bind(2, record.Version)
                .Bind(3, model.Upload)
                .Bind(4, record.StoredMs)
                .Bind(5, record.Checksum)
                .Bind(6, record.Manifest)
                .Bind(7, StoredModel.WriteFiles(record.Files))
                .Run();
            if (database.Changes > 0)
            {
                return true;
            }

            database["model_upload_abandon"].Bind(1, model.Upload).Run();
            return false;
        },
        durable: true,
        cancellationToken);

    protected override Task<IReadOnlyList<long>> FindUploadsAsync(long beforeMs, CancellationToken cancellationToken) => readers.ReadAsync<IReadOnlyList<long>>(
        reader =>
        {
            var uploads = new List<long>();
            var rows = reader["model_upload_old"].Bind(1, beforeMs);
            while (rows.Step())
            {
                uploads.Add(rows.GetInt64(0));
            }

            return uploads;
        },
        cancellationToken);

    protected override Task<bool> RemoveChunksAsync(long upload, int chunksMax, CancellationToken cancellationToken) => queue.PostAsync(
        session =>
        {
            session.Database["model_chunk_remove"].Bind(1, upload).Bind(2, chunksMax).Run();
            if (session.Database.Changes > 0)
            {
                return true;
            }

            session.Database["model_upload_end"].Bind(1, upload).Run();
            return false;
        },
        durable: false,
        cancellationToken);

    protected override Task<ModelRemoval> DetachAsync(string kind, string version, CancellationToken cancellationToken) => queue.PostAsync(
        session =>
        {
            var database = session.Database;
            var choice = ReadChoice(database, kind);
            if (choice.Active == version || choice.Previous == version)
            {
                return new ModelRemoval(true, null);
            }

            var row = database["model_find"].Bind(1, kind).Bind(2, version);
            long? upload = row.Step() ? Read(row).Upload : null;
            row.Reset();
            if (upload is { } found)
            {
                database["model_delete"].Bind(1, kind).Bind(2, version).Run();
                database["model_upload_abandon"].Bind(1, found).Run();
            }

            return new ModelRemoval(false, upload);
        },
        durable: true,
        cancellationToken);

    protected override Task<byte[]?> ReadChunkAsync(long upload, string file, int number, CancellationToken cancellationToken) => readers.ReadAsync(
        reader =>
        {
            var row = reader["model_chunk_read"].Bind(1, upload).Bind(2, file).Bind(3, number);
            return row.Step() ? row.GetBytes(0).ToArray() : null;
        },
        cancellationToken);

    protected override Task<bool> TryReplaceChoiceAsync(ModelChoice next, CancellationToken cancellationToken) => queue.PostAsync(
        session =>
        {
            session.Database["model_choice_replace"].Bind(1, next.Kind).Bind(2, next.Active).Bind(3, next.Previous).Bind(4, next.Revision).Run();
            return session.Database.Changes > 0;
        },
        durable: true,
        cancellationToken);

    private static ModelChoice ReadChoice(Database database, string kind)
    {
        var row = database["model_choice_get"].Bind(1, kind);
        var choice = row.Step() ? new ModelChoice(kind, row.GetTextOrNull(0), row.GetTextOrNull(1), row.GetInt64(2)) : new ModelChoice(kind, null, null, 0);
        row.Reset();
        return choice;
    }

    private static StoredModel Read(Statement row) => new(
        new ModelRecord(row.GetText(0), row.GetText(1), row.GetText(2), row.GetText(3), row.GetInt64(4), StoredModel.ReadFiles(row.GetText(5))), row.GetInt64(6));
}
