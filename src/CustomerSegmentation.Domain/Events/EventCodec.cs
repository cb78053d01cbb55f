using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Events;

/// <summary>
/// Events as journal records: the Protobuf messages of <c>events.proto</c>, written and read directly from and into the contracts' types. Generated
/// message classes agree byte for byte (a test holds that) but need an object per message on the way.
/// </summary>
public static class EventCodec
{
    /// <summary>Readers refuse a higher number; fields may be added without raising it.</summary>
    private const uint SchemaVersion = 1;

    private const int BytesPerEvent = 256;

    /// <summary>Encodes <paramref name="count"/> events from <paramref name="start"/> on. Text that is not valid UTF-16 has its lone surrogates replaced.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the list.</exception>
    public static byte[] Encode(IReadOnlyList<CustomerEvent> events, int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, events.Count - start);
        var writer = new ReverseProtoWriter(16 + (Math.Min(count, 4096) * BytesPerEvent));
        try
        {
            for (var i = start + count - 1; i >= start; i--)
            {
                var before = writer.Length;
                WriteEvent(ref writer, events[i]);
                writer.Message(2, before);
            }

            writer.UInt(1, SchemaVersion);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>Decodes what <see cref="Encode"/> wrote; fields that this version does not know are skipped.</summary>
    /// <exception cref="FormatException">The bytes are truncated, damaged, or of a later schema.</exception>
    public static IReadOnlyList<CustomerEvent> Decode(ReadOnlySpan<byte> payload)
    {
        var events = new List<CustomerEvent>();
        var reader = new ProtoReader(payload);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case (1 << 3) | 0:
                    var schema = reader.Varint();
                    if (schema > SchemaVersion)
                    {
                        throw new FormatException($"The record has schema {schema}; this version reads up to {SchemaVersion}.");
                    }

                    break;
                case (2 << 3) | 2:
                    events.Add(new EventRecordReader().Read(reader.Bytes()));
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return events;
    }

    private static void WriteEvent(ref ReverseProtoWriter writer, CustomerEvent e)
    {
        if (e.TextEmbedding is { } embedding)
        {
            var before = writer.Length;
            writer.Bytes(2, embedding.Numbers.Span);
            writer.String(1, NullIfEmpty(embedding.Model));
            writer.Message(24, before);
        }

        writer.String(23, e.SessionId);
        writer.String(22, e.ExtraProperties);
        writer.String(21, e.OtherId);
        writer.String(20, e.GroupId);
        for (var i = e.Traits.Count - 1; i >= 0; i--)
        {
            var before = writer.Length;
            var trait = e.Traits[i];
            writer.Double(3, trait.Number);
            writer.String(2, trait.Value);
            writer.String(1, NullIfEmpty(trait.Name));
            writer.Message(19, before);
        }

        writer.String(18, e.Text);
        writer.Double(17, e.Rating);
        writer.String(16, e.Query);
        writer.String(15, e.Coupon);
        writer.String(14, e.Currency);
        writer.Double(13, e.Discount);
        writer.Double(12, e.Tax);
        writer.Double(11, e.Shipping);
        writer.Double(10, e.Amount);
        writer.String(9, e.OrderId);
        for (var i = e.Products.Count - 1; i >= 0; i--)
        {
            var before = writer.Length;
            var product = e.Products[i];
            writer.Double(6, product.Quantity);
            writer.Double(5, product.Price);
            writer.String(4, product.Brand);
            writer.String(3, product.Category);
            writer.String(2, product.Name);
            writer.String(1, product.ProductId);
            writer.Message(8, before);
        }

        writer.UInt(7, (ulong)e.Device);
        writer.UInt(6, (ulong)e.Channel);
        writer.String(5, e.Name);
        writer.SInt(4, unchecked(e.ReceivedMs - e.TimestampMs));
        writer.SInt(3, e.TimestampMs);
        writer.UInt(2, (ulong)e.Kind);
        writer.String(1, NullIfEmpty(e.MessageId));
    }

    /// <summary>Fields without presence leave their default out.</summary>
    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
