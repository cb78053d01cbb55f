using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Model versions, their files, and which of them is chosen.</summary>
public abstract class ModelStoreConformance<TFactory> : StorageConformance<TFactory>
    where TFactory : IStorageFactory, new()
{
    private const string Kind = "sequence";

    private IModelStore Models => Storage.Models;

    [Fact]
    public async Task Stored_model_is_listed_found_and_read_back_across_reopening()
    {
        var weights = Bytes(2 * ModelLimits.ChunkBytes + 12_345, 1);
        Assert.True(await Models.PutAsync(Upload("v1", ("default.onnx", weights), ("vocabulary.txt", Bytes(7, 2)), ("empty", []))));
        Assert.True(await Models.PutAsync(Upload("v2", ("default.onnx", Bytes(ModelLimits.ChunkBytes, 3)))));
        Assert.True(await Models.PutAsync(Upload("v1", "text", "other", ("a", Bytes(1, 4)))));
        await Harness.ReopenAsync(clean: false);

        Assert.Equal(["v2", "v1"], (await Models.ListAsync(Kind)).Select(m => m.Version));
        var found = (await Models.FindAsync(Kind, "v1"))!;
        Assert.Equal((Kind, "v1", "{\"version\": \"v1\"}", "sum of v1"), (found.Kind, found.Version, found.Manifest, found.Checksum));
        Assert.Equal(
            [new ModelFile("default.onnx", weights.Length), new ModelFile("vocabulary.txt", 7), new ModelFile("empty", 0)], found.Files);
        Assert.Equal(weights, await ReadAsync("v1", "default.onnx"));
        Assert.Equal(Bytes(7, 2), await ReadAsync("v1", "vocabulary.txt"));
        Assert.Empty(await ReadAsync("v1", "empty"));
        Assert.Equal(Bytes(ModelLimits.ChunkBytes, 3), await ReadAsync("v2", "default.onnx"));
        Assert.Null(await Models.FindAsync(Kind, "v3"));
        Assert.Empty(await Models.ListAsync("nothing"));
    }

    [Fact]
    public async Task Same_version_with_the_same_checksum_is_stored_once_and_with_another_one_refused()
    {
        Assert.True(await Models.PutAsync(Upload("v1", ("a", Bytes(10, 1)))));
        Assert.False(await Models.PutAsync(Upload("v1", ("a", Bytes(10, 1)))));

        var error = await Assert.ThrowsAsync<ModelConflictException>(() => Models.PutAsync(Upload("v1", Kind, "another sum", ("a", Bytes(10, 2)))));

        Assert.Contains("sum of v1", error.Message, StringComparison.Ordinal);
        Assert.Equal(Bytes(10, 1), await ReadAsync("v1", "a"));
    }

    [Fact]
    public async Task Version_stored_by_several_at_once_is_stored_by_one()
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Models.PutAsync(Upload("v1", ("a", Bytes(10, 1))))));

        Assert.Single(stored, s => s);
        Assert.Single(await Models.ListAsync(Kind));
        Assert.Equal(Bytes(10, 1), await ReadAsync("v1", "a"));
    }

    [Fact]
    public async Task Upload_that_breaks_off_leaves_nothing_and_can_be_repeated()
    {
        var broken = new ModelUpload
        {
            Kind = Kind, Version = "v1", Manifest = "{}", Checksum = "sum of v1",
            Files = [new("a", new MemoryStream(Bytes(10, 1))), new("b", new BrokenStream())],
        };

        await Assert.ThrowsAsync<IOException>(() => Models.PutAsync(broken));

        Assert.Null(await Models.FindAsync(Kind, "v1"));
        Assert.True(await Models.PutAsync(Upload("v1", ("a", Bytes(10, 1)))));
    }

    [Fact]
    public async Task Model_beyond_the_limits_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Models.PutAsync(Upload("v1")));
        await Assert.ThrowsAsync<ArgumentException>(() => Models.PutAsync(Upload("", ("a", []))));
        await Assert.ThrowsAsync<ArgumentException>(() => Models.PutAsync(Upload("v1", ("a", []), ("a", []))));
        await Assert.ThrowsAsync<ArgumentException>(() => Models.PutAsync(Upload(new string('v', ModelLimits.NameCharsMax + 1), ("a", []))));
        await Assert.ThrowsAsync<InvalidDataException>(() => Models.PutAsync(new ModelUpload
        {
            Kind = Kind, Version = "v1", Manifest = "{}", Checksum = "sum", Files = [new("a", new LargeStream())],
        }));
        Assert.Empty(await Models.ListAsync(Kind));
    }

    [Fact]
    public async Task Choice_is_made_by_one_of_those_who_know_the_same_one_and_can_be_taken_back()
    {
        await Models.PutAsync(Upload("v1", ("a", [])));
        await Models.PutAsync(Upload("v2", ("a", [])));
        var none = await Models.GetChoiceAsync(Kind);
        Assert.Equal(new ModelChoice(Kind, null, null, 0), none);

        var made = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Models.TryChooseAsync(none, "v1")));
        var first = Assert.Single(made, c => c is not null)!;
        var second = (await Models.TryChooseAsync(first, "v2"))!;
        Assert.Null(await Models.TryChooseAsync(first, "v2"));
        await Harness.ReopenAsync(clean: false);

        Assert.Equal(new ModelChoice(Kind, "v2", "v1", 2), second);
        Assert.Equal(second, await Models.GetChoiceAsync(Kind));
        var back = (await Models.TryChooseAsync(second, second.Previous))!;
        Assert.Equal(new ModelChoice(Kind, "v1", "v2", 3), back);
        Assert.Equal(new ModelChoice(Kind, null, "v1", 4), await Models.TryChooseAsync(back, null));
        Assert.Equal(0, (await Models.GetChoiceAsync("text")).Revision);
    }

    [Fact]
    public async Task Version_that_is_not_stored_cannot_be_chosen()
    {
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Models.TryChooseAsync(new ModelChoice(Kind, null, null, 0), "v1"));
        Assert.Equal(0, (await Models.GetChoiceAsync(Kind)).Revision);
    }

    [Fact]
    public async Task Deleted_model_is_gone_and_its_version_free_unless_it_is_chosen()
    {
        foreach (var version in (string[])["v1", "v2", "v3"])
        {
            await Models.PutAsync(Upload(version, ("a", Bytes(10, 1))));
        }

        var choice = (await Models.TryChooseAsync(new ModelChoice(Kind, null, null, 0), "v1"))!;
        await Models.TryChooseAsync(choice, "v2");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Models.DeleteAsync(Kind, "v1"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Models.DeleteAsync(Kind, "v2"));
        Assert.True(await Models.DeleteAsync(Kind, "v3"));
        Assert.False(await Models.DeleteAsync(Kind, "v3"));

        await Assert.ThrowsAsync<KeyNotFoundException>(() => ReadAsync("v3", "a"));
        Assert.True(await Models.PutAsync(Upload("v3", Kind, "a new sum", ("a", Bytes(20, 2)))));
        Assert.Equal(Bytes(20, 2), await ReadAsync("v3", "a"));
    }

    [Fact]
    public async Task Reader_of_a_model_that_is_deleted_meanwhile_is_told()
    {
        await Models.PutAsync(Upload("v1", ("a", Bytes(3 * ModelLimits.ChunkBytes, 1))));
        await using var reader = Models.ReadAsync(Kind, "v1", "a").GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());

        await Models.DeleteAsync(Kind, "v1");

        await Assert.ThrowsAsync<IOException>(async () => await reader.MoveNextAsync());
    }

    [Fact]
    public async Task Unknown_file_is_named()
    {
        await Models.PutAsync(Upload("v1", ("a", [])));

        Assert.Contains("'b'", (await Assert.ThrowsAsync<KeyNotFoundException>(() => ReadAsync("v1", "b"))).Message, StringComparison.Ordinal);
    }

    private static ModelUpload Upload(string version, params (string Name, byte[] Content)[] files) => Upload(version, Kind, $"sum of {version}", files);

    private static ModelUpload Upload(string version, string kind, string checksum, params (string Name, byte[] Content)[] files) => new()
    {
        Kind = kind,
        Version = version,
        Manifest = $"{{\"version\": \"{version}\"}}",
        Checksum = checksum,
        Files = [.. files.Select(f => new ModelUploadFile(f.Name, new MemoryStream(f.Content)))],
    };

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<byte[]> ReadAsync(string version, string file) =>
        [.. (await ToListAsync(Models.ReadAsync(Kind, version, file))).SelectMany(chunk => chunk.ToArray())];

    /// <summary>Ends in the middle of its content.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(new IOException("The network is gone."));
    }

    /// <summary>Says that it is larger than a model may be.</summary>
    private sealed class LargeStream : MemoryStream
    {
        public override long Length => ModelLimits.BytesMax + 1;
    }
}
