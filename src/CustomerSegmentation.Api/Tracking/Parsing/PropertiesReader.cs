using System.Text.Json;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Reads <c>properties</c>: fields of commerce events into the draft, everything else as ranges of the body.</summary>
internal static class PropertiesReader
{
    private const int ReviewCharsMax = 10_000;
    private const double RatingMax = 5;

    private static readonly Utf8NameTable<PropertyField> Fields = new(
    [
        ("order_id", PropertyField.OrderId),
        ("orderId", PropertyField.OrderId),
        ("total", PropertyField.Total),
        ("revenue", PropertyField.Revenue),
        ("value", PropertyField.Value),
        ("shipping", PropertyField.Shipping),
        ("tax", PropertyField.Tax),
        ("discount", PropertyField.Discount),
        ("currency", PropertyField.Currency),
        ("coupon", PropertyField.Coupon),
        ("coupon_id", PropertyField.Coupon),
        ("query", PropertyField.Query),
        ("rating", PropertyField.Rating),
        ("review_body", PropertyField.ReviewBody),
        ("reviewBody", PropertyField.ReviewBody),
        ("message_body", PropertyField.MessageBody),
        ("messageBody", PropertyField.MessageBody),
        ("session_id", PropertyField.SessionId),
        ("sessionId", PropertyField.SessionId),
        ("products", PropertyField.Products),
        ("product_id", PropertyField.ProductId),
        ("productId", PropertyField.ProductId),
        ("sku", PropertyField.Sku),
        ("name", PropertyField.Name),
        ("category", PropertyField.Category),
        ("brand", PropertyField.Brand),
        ("price", PropertyField.Price),
        ("quantity", PropertyField.Quantity),
    ]);

    public static void Read(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reader.TokenType != JsonTokenType.Null)
            {
                draft.Fail(RejectionCodes.InvalidType, "properties is not an object.");
            }

            JsonValues.Skip(ref reader, scratch, draft);
            return;
        }

        scratch.Names.Clear();
        draft.RangesStart = scratch.Ranges.Count;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = scratch.Base + (int)reader.TokenStartIndex;
            JsonValues.CountProperty(scratch, draft);
            var field = ReadName(ref reader, scratch, draft, start);
            reader.Read();
            var use = field == PropertyField.None ? RawRangeUse.Extra : ReadField(ref reader, scratch, draft, field);
            if (field == PropertyField.None)
            {
                JsonValues.Skip(ref reader, scratch, draft);
            }

            if (use != RawRangeUse.Known)
            {
                scratch.Ranges.Add(new RawRange(start, scratch.Base + (int)reader.BytesConsumed - start, use));
            }
        }

        draft.RangesCount = scratch.Ranges.Count - draft.RangesStart;
    }

    private static PropertyField ReadName(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, int start)
    {
        var isPlain = !reader.ValueIsEscaped;
        ReadOnlySpan<byte> name;
        if (isPlain)
        {
            name = reader.ValueSpan;
        }
        else if (!scratch.TryUnescape(ref reader, out name))
        {
            draft.Fail(RejectionCodes.InvalidText, "A property name holds half a surrogate pair.");
            return PropertyField.None;
        }

        var field = Fields.Find(name);
        if (isPlain && !scratch.Names.Add(scratch.BodySpan, start + 1, name.Length))
        {
            draft.Fail(RejectionCodes.DuplicateProperty, "A property is there twice: " + Shorten(name));
        }

        var bit = 1UL << (int)field;
        if (field == PropertyField.None || (draft.SeenProperties & bit) != 0)
        {
            // A second spelling of the same field is kept as it stands.
            return PropertyField.None;
        }

        draft.SeenProperties |= bit;
        return field;
    }

    private static RawRangeUse ReadField(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, PropertyField field)
    {
        switch (field)
        {
            case PropertyField.OrderId: return ReadText(ref reader, scratch, draft, field, ref draft.OrderId);
            case PropertyField.Currency: return ReadText(ref reader, scratch, draft, field, ref draft.Currency);
            case PropertyField.Coupon: return ReadText(ref reader, scratch, draft, field, ref draft.Coupon);
            case PropertyField.Query: return ReadText(ref reader, scratch, draft, field, ref draft.Query);
            case PropertyField.MessageBody or PropertyField.ReviewBody: return ReadText(ref reader, scratch, draft, field, ref draft.Text, ReviewCharsMax);
            case PropertyField.SessionId: return ReadText(ref reader, scratch, draft, field, ref draft.SessionId);
            case PropertyField.ProductId: return OfProduct(ReadText(ref reader, scratch, draft, field, ref draft.ProductId));
            case PropertyField.Sku: return OfProduct(ReadText(ref reader, scratch, draft, field, ref draft.Sku));
            case PropertyField.Name: return OfProduct(ReadText(ref reader, scratch, draft, field, ref draft.ProductName));
            case PropertyField.Category: return OfProduct(ReadText(ref reader, scratch, draft, field, ref draft.Category));
            case PropertyField.Brand: return OfProduct(ReadText(ref reader, scratch, draft, field, ref draft.Brand));
            case PropertyField.Total: return ReadNumber(ref reader, scratch, draft, field, ref draft.Total);
            case PropertyField.Revenue: return ReadNumber(ref reader, scratch, draft, field, ref draft.Revenue);
            case PropertyField.Value: return ReadNumber(ref reader, scratch, draft, field, ref draft.Value);
            case PropertyField.Shipping: return ReadNumber(ref reader, scratch, draft, field, ref draft.Shipping);
            case PropertyField.Tax: return ReadNumber(ref reader, scratch, draft, field, ref draft.Tax);
            case PropertyField.Discount: return ReadNumber(ref reader, scratch, draft, field, ref draft.Discount);
            case PropertyField.Rating: return ReadNumber(ref reader, scratch, draft, field, ref draft.Rating);
            case PropertyField.Price: return OfProduct(ReadNumber(ref reader, scratch, draft, field, ref draft.Price));
            case PropertyField.Quantity: return OfProduct(ReadNumber(ref reader, scratch, draft, field, ref draft.Quantity));
            default: return ProductsReader.Read(ref reader, scratch, draft);
        }
    }

    private static RawRangeUse OfProduct(RawRangeUse use) => use == RawRangeUse.Known ? RawRangeUse.Product : use;

    private static RawRangeUse ReadText(
        ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, PropertyField field, ref string? target,
        int charsMax = EventReader.TextCharsMax)
    {
        switch (JsonValues.ReadText(ref reader, scratch, charsMax, out var text, isUnique: field == PropertyField.OrderId))
        {
            case ValueFault.WrongType:
                draft.FailIfCommerce(RejectionCodes.InvalidType, $"properties.{NameOf(field)} is not text.");
                JsonValues.Skip(ref reader, scratch, draft);
                return RawRangeUse.Malformed;
            case ValueFault.TooLong:
                scratch.Warn(draft, RejectionCodes.TextCut, $"properties.{NameOf(field)} was cut at {charsMax} characters.");
                break;
            case ValueFault.BadText:
                draft.Fail(RejectionCodes.InvalidText, $"properties.{NameOf(field)} holds a NUL or half a surrogate pair.");
                break;
        }

        target = text;
        return RawRangeUse.Known;
    }

    private static RawRangeUse ReadNumber(
        ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, PropertyField field, ref double? target)
    {
        switch (JsonValues.ReadNumber(ref reader, out var number))
        {
            case ValueFault.WrongType:
                draft.FailIfCommerce(RejectionCodes.InvalidType, $"properties.{NameOf(field)} is not a number.");
                JsonValues.Skip(ref reader, scratch, draft);
                return RawRangeUse.Malformed;
            case ValueFault.NotFinite:
                draft.Fail(RejectionCodes.NumberOutOfRange, $"properties.{NameOf(field)} is not a finite number.");
                return RawRangeUse.Malformed;
            case ValueFault.OutOfRange:
                draft.FailIfCommerce(RejectionCodes.NumberOutOfRange, $"properties.{NameOf(field)} is beyond {JsonValues.NumberMax:R}.");
                return RawRangeUse.Malformed;
        }

        switch (field)
        {
            case PropertyField.Rating when number is < 0 or > RatingMax:
                draft.FailIfCommerce(RejectionCodes.InvalidRating, "properties.rating is not between 0 and 5.");
                return RawRangeUse.Malformed;
            case PropertyField.Quantity when number <= 0:
                draft.FailIfCommerce(RejectionCodes.InvalidQuantity, "properties.quantity is not above zero.");
                return RawRangeUse.Malformed;
            case not (PropertyField.Rating or PropertyField.Quantity) when number < 0:
                draft.FailIfCommerce(RejectionCodes.NegativeAmount, $"properties.{NameOf(field)} is negative.");
                return RawRangeUse.Malformed;
            default:
                target = number;
                return RawRangeUse.Known;
        }
    }

    private static string NameOf(PropertyField field) => field switch
    {
        PropertyField.OrderId => "order_id",
        PropertyField.ProductId => "product_id",
        PropertyField.ReviewBody => "review_body",
        PropertyField.MessageBody => "message_body",
        PropertyField.SessionId => "session_id",
        _ => field.ToString().ToLowerInvariant(),
    };

    private static string Shorten(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name[..Math.Min(name.Length, 100)]);
}
