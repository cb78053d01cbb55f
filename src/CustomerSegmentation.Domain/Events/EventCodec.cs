using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Events;

/// <summary>Events as journal records: Protobuf messages of <c>events.proto</c>.</summary>
public static class EventCodec
{
    /// <summary>Encodes <paramref name="count"/> events from <paramref name="start"/> on.</summary>
    public static byte[] Encode(IReadOnlyList<CustomerEvent> events, int start, int count) => throw new NotImplementedException();

    /// <summary>Decodes what <see cref="Encode"/> wrote; fields of later versions are skipped.</summary>
    /// <exception cref="FormatException">The bytes are truncated or no event batch.</exception>
    public static IReadOnlyList<CustomerEvent> Decode(ReadOnlySpan<byte> payload) => throw new NotImplementedException();
}
