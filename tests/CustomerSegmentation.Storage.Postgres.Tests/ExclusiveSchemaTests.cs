using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Postgres.Tests;

public sealed class ExclusiveSchemaTests : IAsyncLifetime
{
    private TestSchema _schema = null!;

    public async Task InitializeAsync() => _schema = await TestSchema.CreateAsync();

    public async Task DisposeAsync() => await _schema.DisposeAsync();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Schema_that_one_process_wants_to_itself_opens_in_one_only(bool first, bool second)
    {
        await using (await _schema.OpenAsync(exclusive: first))
        {
            var error = await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync(exclusive: second));

            Assert.Equal(PostgresFault.Held, error.Fault);
            Assert.Contains($"in use by '{_schema.Name}' since ", error.Message, StringComparison.Ordinal);
        }

        await (await _schema.OpenAsync(exclusive: second)).DisposeAsync();
    }

    [Fact]
    public async Task Lost_connection_is_opened_again_with_the_schema_still_taken()
    {
        await using var storage = await _schema.OpenAsync(exclusive: true);
        await AppendAsync(storage, 1);
        await _schema.TerminateAsync();
        await AppendAsync(storage, 2);

        Assert.Equal(PostgresFault.Held, (await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync())).Fault);
    }

    private static async Task AppendAsync(PostgresStorage storage, long sequence)
    {
        var append = Records.Append("anna", sequence);
        Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(append));
        await append.Completion;
        Assert.Equal(JournalOutcome.Committed, append.Outcome);
    }
}
