using System.Text.Json;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentationStateTests
{
    // What the first release wrote for SegmentSamples.FullState; it is never written anew.
    private const string FirstReleaseBase64 =
        "CAEQAxgDIhEIAxACGAkoTTIHY29tbWFuZCiA0JX/vDEwhdCV/7wxOInQlf+8MUAESgRkb25lUhVhbiBlYXJsaWVyIHRyeSBmYWlsZWRaxAMKA2"
        + "FiYxIuCgtyZWNlbmN5RGF5cxoEZGF5cyABLQAAQEA1AACAPz0AAEBARQAAAD9NAACgQRIrCglmcmVxdWVuY3kQAxoGb3JkZXJzIAEtmpmZPzWa"
        + "mRk/PQAAgEBFAACAPxpyCgZhY3RpdmUSBkFjdGl2ZRoNQWJvdXQgYWN0aXZlLiIKS2VlcCB0aGVtLioIAACgvwAAgD8wDDkAAAAAAJh1QEIuCg"
        + "lmcmVxdWVuY3kRAAAAAAAA+D8ZAAAAAAAAIkAhAAAAAAAAAEAqBm9yZGVyc0gBGi4KB2xhcHNpbmcSB0xhcHNpbmcaDkFib3V0IGxhcHNpbmcu"
        + "KggAAEA/AACAP0gBJQAAAD8tAACAPjD/z5X/vDE4FEBNSjwIAhEAAAAAAAD4PxkAAAAAAADQPyEAAAAAAADsPyodCAIRAAAAAAAA0D8ZAAAAAA"
        + "AA7D8hAAAAAAAAwD9QAloXCgRrZXB0EgZhY3RpdmUhAAAAAAAA6D9aGAoFc3BsaXQSB2xhcHNpbmcaBmFjdGl2ZWIKEgZhY3RpdmUYA2IRCgRn"
        + "b25lEgdsYXBzaW5nGAJqBGdvbmVqBmFjdGl2ZWoHbGFwc2luZw==";

    [Fact]
    public void State_survives_a_round_trip()
    {
        var state = SegmentSamples.FullState();

        Assert.Equal(Json(state), Json(SegmentationState.Read(state.ToBytes())));
    }

    [Fact]
    public void State_without_optional_parts_survives_a_round_trip()
    {
        var full = SegmentSamples.FullState();
        var state = full with { FinishedAtMs = null, ActivatedAtMs = null, Error = null, Fitted = null, Activation = 0 };

        Assert.Equal(Json(state), Json(SegmentationState.Read(state.ToBytes())));
    }

    [Fact]
    public void State_that_the_first_release_wrote_is_read() =>
        Assert.Equal(Json(SegmentSamples.FullState()), Json(SegmentationState.Read(Convert.FromBase64String(FirstReleaseBase64))));

    [Fact]
    public void State_of_a_later_format_is_refused()
    {
        var bytes = SegmentSamples.FullState().ToBytes();

        // The format is field 1: the first byte is its tag.
        Assert.Equal([8, 1], bytes[..2]);
        bytes[1] = 99;
        Assert.Contains("99", Assert.Throws<FormatException>(() => SegmentationState.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_of_broken_bytes_is_refused()
    {
        var bytes = SegmentSamples.FullState().ToBytes();

        Assert.Throws<FormatException>(() => SegmentationState.Read(bytes.AsSpan(0, bytes.Length / 2)));
        Assert.Throws<FormatException>(() => SegmentationState.Read([]));
    }

    private static string Json(SegmentationState state)
    {
        var centroids = state.Fitted?.Segments.Select(segment => segment.Centroid.ToArray());
        return JsonSerializer.Serialize(new { state, centroids });
    }
}
