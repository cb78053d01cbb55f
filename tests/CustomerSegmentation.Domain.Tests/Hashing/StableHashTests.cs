using CustomerSegmentation.Domain.Hashing;

namespace CustomerSegmentation.Domain.Tests.Hashing;

public sealed class StableHashTests
{
    /// <summary>Snapshots hold these values, so they are the same for ever, for a tail of every length.</summary>
    [Theory]
    [InlineData(0, "40bf9c714ad68452")]
    [InlineData(1, "b453ca2db85962fc")]
    [InlineData(2, "a036bc914a5e7b88")]
    [InlineData(3, "dab3933bf85902f8")]
    [InlineData(4, "be6c8a3644309f6d")]
    [InlineData(5, "e14f4d9859c93b99")]
    [InlineData(6, "c01ae645c9823fc2")]
    [InlineData(7, "8498ff1a26a43847")]
    [InlineData(8, "89e8081a157da782")]
    [InlineData(9, "b81d8b3a736d1e94")]
    [InlineData(10, "86c855e4f72d71e0")]
    [InlineData(11, "1a892bfb59a527de")]
    [InlineData(12, "adb512012cca4c78")]
    [InlineData(13, "3c8711492affb5f0")]
    [InlineData(14, "2ad0a63c18cecd58")]
    [InlineData(15, "d7387f7343a17d9f")]
    [InlineData(16, "0f80b258758bc7c3")]
    [InlineData(17, "4db2d63f3b122c54")]
    [InlineData(23, "0627ed1f0dc3771c")]
    [InlineData(64, "f52a01dba8bfefbd")]
    public void Hash_of_bytes_of_every_length_stays(int length, string hash)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)((i * 37) + 201)).ToArray();

        Assert.Equal(hash, $"{StableHash.Of(bytes):x16}");
    }
}
