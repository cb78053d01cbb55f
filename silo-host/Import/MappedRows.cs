using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>A table of any layout, read through a <see cref="ColumnMap"/>.</summary>
/// <param name="time">How times are written.</param>
/// <param name="positions">Column of each role from 0; -1 for none.</param>
internal sealed class MappedRows(TimeFormat time, int[] positions) : IRowInterpreter
{
    private const int ReviewTextCharsMax = 10_000;

    public RowVerdict Interpret(IReadOnlyList<string> fields)
    {
        if (fields.Count <= positions.Max())
        {
            return RowVerdict.Reject(ImportCodes.MissingColumns, $"the line has {fields.Count} columns, {positions.Max() + 1} are needed");
        }

        var customer = Fields.CustomerId(fields[positions[(int)ColumnRole.Customer]]);
        if (customer is null)
        {
            return RowVerdict.NoCustomer;
        }

        if (customer.Length == 0)
        {
            return RowVerdict.Reject(ImportCodes.InvalidCustomerId, "the customer id is longer than 200 characters or holds control characters");
        }

        var timeText = fields[positions[(int)ColumnRole.Time]];
        if (time.Read(timeText.Trim()) is not { } timeMs)
        {
            return RowVerdict.Reject(ImportCodes.InvalidTimestamp, $"'{Fields.Text(timeText, 60)}' is not a time in the format {time.Name}", customer);
        }

        var numbers = new double?[4];
        ReadOnlySpan<ColumnRole> roles = [ColumnRole.Quantity, ColumnRole.Price, ColumnRole.Amount, ColumnRole.Discount];
        for (var index = 0; index < roles.Length; index++)
        {
            if (Text(fields, roles[index]) is { } text && (numbers[index] = Fields.Number(text)) is null)
            {
                return RowVerdict.Reject(ImportCodes.InvalidNumber, $"{roles[index]} '{Fields.Text(text, 60)}' is not a number", customer);
            }
        }

        return Complete(fields, customer, timeMs, numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private RowVerdict Complete(
        IReadOnlyList<string> fields, string customer, long timeMs, double? quantity, double? price, double? amount, double? discount)
    {
        var name = Text(fields, ColumnRole.Event);
        var kind = name is null ? EventKind.OrderCompleted : CommerceEventNames.Read(name);
        var isOrder = kind is EventKind.OrderCompleted or EventKind.OrderRefunded;
        if (quantity <= 0)
        {
            return RowVerdict.Reject(ImportCodes.QuantityNotPositive, $"the quantity {quantity:R}", customer);
        }

        if (price < 0 || (price == 0 && isOrder))
        {
            return RowVerdict.Reject(ImportCodes.PriceNotPositive, $"the price {price:R}", customer);
        }

        if (amount < 0)
        {
            return RowVerdict.Reject(ImportCodes.AmountNegative, $"the amount {amount:R}; refunds are positive, with event=COLUMN naming them", customer);
        }

        double? rating = null;
        if (Text(fields, ColumnRole.Rating) is { } stars && (rating = Fields.Number(stars)) is null or < 0 or > 5)
        {
            return RowVerdict.Reject(ImportCodes.InvalidRating, $"the rating '{Fields.Text(stars, 60)}' is not a number from 0 to 5", customer);
        }

        return RowVerdict.Of(new ImportedRow
        {
            CustomerId = customer,
            TimeMs = timeMs,
            Kind = kind,
            Name = kind is EventKind.Custom or EventKind.PageViewed ? name : null,
            OrderId = Text(fields, ColumnRole.Order),
            ProductId = Text(fields, ColumnRole.Product),
            ProductName = Text(fields, ColumnRole.Name),
            Category = Text(fields, ColumnRole.Category),
            Quantity = quantity,
            Price = price ?? (isOrder && amount is { } whole ? whole / (quantity ?? 1) : null),
            Amount = isOrder ? amount ?? price * (quantity ?? 1) : amount,
            Discount = discount is > 0 ? discount : null,
            Country = Text(fields, ColumnRole.Country),
            Rating = rating,
            Text = Text(fields, ColumnRole.Text, ReviewTextCharsMax),
            Channel = Text(fields, ColumnRole.Channel) is { } channel ? ReadChannel(channel) : Channel.Unknown,
        });
    }

    private string? Text(IReadOnlyList<string> fields, ColumnRole role, int charsMax = 500) =>
        positions[(int)role] is var position and >= 0 ? Fields.Text(fields[position], charsMax) : null;

    private static Channel ReadChannel(string text) => text.ToLowerInvariant() switch
    {
        "web" or "online" or "site" or "browser" => Channel.Web,
        "app" or "mobile" or "mobile app" or "mobileapp" or "ios" or "android" => Channel.MobileApp,
        "email" or "mail" or "newsletter" => Channel.Email,
        "store" or "shop" or "offline" or "pos" => Channel.Store,
        "service" or "phone" or "call" => Channel.Service,
        "server" or "api" => Channel.Server,
        _ => Channel.Unknown,
    };
}
