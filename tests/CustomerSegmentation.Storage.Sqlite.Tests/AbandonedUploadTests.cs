using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class AbandonedUploadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pieces_of_an_upload_whose_process_died_go_with_the_next_one_and_those_of_a_young_one_stay()
    {
        await using var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = _folder.DatabasePath }, TimeProvider.System);
        using (var database = Database.Open(_folder.DatabasePath, write: true))
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            database.Execute($"""
                INSERT INTO model_upload VALUES (1, {now - 90_000_000}), (2, {now});
                INSERT INTO model_chunk VALUES (1, 'a', 0, x'00'), (1, 'a', 1, x'00'), (2, 'a', 0, x'00');
                """);
        }

        await storage.Models.PutAsync(new ModelUpload
        {
            Kind = "text", Version = "v1", Manifest = "{}", Checksum = "sum", Files = [new ModelUploadFile("a", new MemoryStream([1]))],
        });

        using var reader = Database.Open(_folder.DatabasePath, write: false);
        Assert.Equal(0, reader.ExecuteScalar("SELECT count(*) FROM model_chunk WHERE upload = 1"));
        Assert.Equal(1, reader.ExecuteScalar("SELECT count(*) FROM model_chunk WHERE upload = 2"));
        Assert.Equal(1, reader.ExecuteScalar("SELECT count(*) FROM model_upload"));
        Assert.Equal(3, reader.ExecuteScalar("SELECT upload FROM model"));
    }
}
