using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Reads <c>properties.products</c>.</summary>
internal static class ProductsReader
{
    private static readonly Utf8NameTable<PropertyField> Fields = new(
    [
        ("product_id", PropertyField.ProductId),
        ("productId", PropertyField.ProductId),
        ("id", PropertyField.ProductId),
        ("sku", PropertyField.Sku),
        ("name", PropertyField.Name),
        ("category", PropertyField.Category),
        ("brand", PropertyField.Brand),
        ("price", PropertyField.Price),
        ("quantity", PropertyField.Quantity),
    ]);

    public static RawRangeUse Read(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return RawRangeUse.Known;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            draft.FailIfCommerce(RejectionCodes.InvalidType, "properties.products is not an array.");
            JsonValues.Skip(ref reader, scratch, draft);
            return RawRangeUse.Malformed;
        }

        scratch.Lines.Clear();
        var known = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                known &= ReadLine(ref reader, scratch, draft);
            }
            else
            {
                draft.FailIfCommerce(RejectionCodes.InvalidType, "An item of properties.products is not an object.");
                JsonValues.Skip(ref reader, scratch, draft);
                known = false;
            }
        }

        if (!known)
        {
            return RawRangeUse.Malformed;
        }

        draft.Products = scratch.Lines.Count == 0 ? null : scratch.Lines.ToArray();
        return RawRangeUse.Known;
    }

    private static bool ReadLine(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        var line = default(Line);
        var known = true;
        var seen = 0UL;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonValues.CountProperty(scratch, draft);
            var field = Fields.Find(scratch.Text(ref reader));
            var bit = 1UL << (int)field;
            if (field != PropertyField.None && (seen & bit) != 0)
            {
                draft.Fail(RejectionCodes.DuplicateProperty, $"A product has its {field.ToString().ToLowerInvariant()} twice.");
            }

            seen |= bit;
            reader.Read();
            known &= field switch
            {
                PropertyField.ProductId => ReadText(ref reader, scratch, draft, "product_id", ref line.ProductId),
                PropertyField.Sku => ReadText(ref reader, scratch, draft, "sku", ref line.Sku),
                PropertyField.Name => ReadText(ref reader, scratch, draft, "name", ref line.Name),
                PropertyField.Category => ReadText(ref reader, scratch, draft, "category", ref line.Category),
                PropertyField.Brand => ReadText(ref reader, scratch, draft, "brand", ref line.Brand),
                PropertyField.Price => ReadNumber(ref reader, scratch, draft, field, ref line.Price),
                PropertyField.Quantity => ReadNumber(ref reader, scratch, draft, field, ref line.Quantity),
                _ => Skip(ref reader, scratch, draft),
            };
        }

        scratch.Lines.Add(new ProductLine
        {
            ProductId = line.ProductId ?? line.Sku,
            Name = line.Name,
            Category = line.Category,
            Brand = line.Brand,
            Price = line.Price,
            Quantity = line.Quantity,
        });
        return known;
    }

    private static bool Skip(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        JsonValues.Skip(ref reader, scratch, draft);
        return true;
    }

    private static bool ReadText(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, string name, ref string? target)
    {
        switch (JsonValues.ReadText(ref reader, scratch, EventReader.TextCharsMax, out var text))
        {
            case ValueFault.WrongType:
                draft.FailIfCommerce(RejectionCodes.InvalidType, $"A product's {name} is not text.");
                JsonValues.Skip(ref reader, scratch, draft);
                return false;
            case ValueFault.TooLong:
                scratch.Warn(draft, RejectionCodes.TextCut, $"A product's {name} was cut at {EventReader.TextCharsMax} characters.");
                break;
            case ValueFault.BadText:
                draft.Fail(RejectionCodes.InvalidText, $"A product's {name} holds a NUL or half a surrogate pair.");
                break;
        }

        target = string.IsNullOrEmpty(text) ? null : text;
        return true;
    }

    private static bool ReadNumber(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, PropertyField field, ref double? target)
    {
        var name = field == PropertyField.Price ? "price" : "quantity";
        switch (JsonValues.ReadNumber(ref reader, out var number))
        {
            case ValueFault.WrongType:
                draft.FailIfCommerce(RejectionCodes.InvalidType, $"A product's {name} is not a number.");
                JsonValues.Skip(ref reader, scratch, draft);
                return false;
            case ValueFault.NotFinite:
                draft.Fail(RejectionCodes.NumberOutOfRange, $"A product's {name} is not a finite number.");
                return false;
            case ValueFault.OutOfRange:
                draft.FailIfCommerce(RejectionCodes.NumberOutOfRange, $"A product's {name} is beyond {JsonValues.NumberMax:R}.");
                return false;
        }

        if (field == PropertyField.Price && number < 0)
        {
            draft.FailIfCommerce(RejectionCodes.NegativeAmount, "A product's price is negative.");
            return false;
        }

        if (field == PropertyField.Quantity && number <= 0)
        {
            draft.FailIfCommerce(RejectionCodes.InvalidQuantity, "A product's quantity is not above zero.");
            return false;
        }

        target = number;
        return true;
    }

    private struct Line
    {
        public string? ProductId;
        public string? Sku;
        public string? Name;
        public string? Category;
        public string? Brand;
        public double? Price;
        public double? Quantity;
    }
}
