using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Makes one event of the rows of one order, or of a row without an order.</summary>
internal sealed class EventBuilder
{
    /// <summary>Customers whose country is remembered; past it the memory starts anew, which only repeats events that are known duplicates.</summary>
    private const int CountriesMax = 1_000_000;

    private readonly Dictionary<string, string> _countries = new(StringComparer.Ordinal);

    /// <summary>The identify event that the rows call for: a country seen first, or another one than before. Null otherwise.</summary>
    /// <remarks>
    /// The id of the first sight holds the country alone, so that a table which begins later repeats it; the id of a change holds the order too.
    /// </remarks>
    public CustomerEvent? Identify(IReadOnlyList<ImportedRow> rows)
    {
        var (first, country) = (rows[0], rows[^1].Country);
        if (country is null || (_countries.TryGetValue(first.CustomerId, out var known) && known == country))
        {
            return null;
        }

        if (_countries.Count >= CountriesMax)
        {
            _countries.Clear();
        }

        _countries[first.CustomerId] = country;
        return new CustomerEvent
        {
            MessageId = MessageId(
                known is null ? ["identify", first.CustomerId, country] : ["identify", first.CustomerId, country, first.OrderId ?? Text(first.TimeMs)]),
            Kind = EventKind.TraitsIdentified,
            TimestampMs = rows.Min(row => row.TimeMs),
            Channel = Channel.Server,
            Traits = [new Trait { Name = "country", Value = country }],
        };
    }

    public CustomerEvent Build(IReadOnlyList<ImportedRow> rows)
    {
        var first = rows[0];
        return new CustomerEvent
        {
            MessageId = ContentId(rows),
            Kind = first.Kind,
            TimestampMs = rows.Min(row => row.TimeMs),
            Name = first.Name,
            Channel = first.Channel,
            OrderId = first.OrderId,
            Products = Products(rows),
            Amount = Sum(rows.Select(row => row.Amount)),
            Shipping = Sum(rows.Where(row => row.Role == LineRole.Shipping).Select(row => row.Amount)),
            Discount = Sum(rows.Select(row => row.Role == LineRole.Discount ? row.Amount : row.Discount)),
            Query = first.Kind == EventKind.ProductsSearched ? first.Text : null,
            Rating = first.Rating,
            Text = first.Kind == EventKind.ProductsSearched ? null : first.Text,
        };
    }

    private static List<ProductLine> Products(IReadOnlyList<ImportedRow> rows)
    {
        var products = new List<ProductLine>(rows.Count);
        foreach (var row in rows)
        {
            if (row.HasProduct)
            {
                products.Add(new ProductLine
                {
                    ProductId = row.ProductId,
                    Name = row.ProductName,
                    Category = row.Category,
                    Price = row.Price,
                    Quantity = row.Quantity,
                });
            }
        }

        return products;
    }

    private static double? Sum(IEnumerable<double?> values)
    {
        double? sum = null;
        foreach (var value in values)
        {
            sum = value is null ? sum : (sum ?? 0) + value;
        }

        return sum;
    }

    /// <summary>
    /// An id made from what the rows say, whatever their file and their order in it: the same order imported twice, or from a longer table, has the same id.
    /// </summary>
    private static string ContentId(IReadOnlyList<ImportedRow> rows)
    {
        var first = rows[0];
        var lines = rows
            .Select(row => string.Join(
                '\u001f', row.ProductId, row.ProductName, row.Category, Text(row.Quantity), Text(row.Price), Text(row.Amount), Text(row.Discount),
                Text(row.Rating), row.Text, row.Channel, Text(row.TimeMs)))
            .Order(StringComparer.Ordinal);
        return MessageId([first.Kind.ToString(), first.Name, first.OrderId, first.CustomerId, .. lines]);
    }

    private static string MessageId(IEnumerable<string?> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001e', parts)));
        return "import-" + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
