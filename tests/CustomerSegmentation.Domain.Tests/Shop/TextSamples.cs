using System.Buffers.Binary;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Tests.Shop;

/// <summary>Events with text.</summary>
internal static class TextSamples
{
    public static TextEmbedding Embedding(string model, params float[] numbers)
    {
        var bytes = new byte[2 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)numbers[i]);
        }

        return new TextEmbedding { Model = model, Numbers = bytes };
    }

    public static CustomerEvent Review(string messageId, TextEmbedding? embedding, long receivedMs = RandomCustomer.Epoch) => new()
    {
        MessageId = messageId,
        Kind = EventKind.ProductReviewed,
        TimestampMs = RandomCustomer.Epoch,
        ReceivedMs = receivedMs,
        Text = "a fine mug",
        TextEmbedding = embedding,
    };
}
