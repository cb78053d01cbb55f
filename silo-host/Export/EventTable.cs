using System.Globalization;
using CsvHelper;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>
/// One row an event, in the order of each customer's history. Columns: customer_id; sequence, from 1; time, ISO 8601 in UTC; kind; name of a custom event
/// or page; channel; device; session_id; order_id; amount, shipping, tax and discount in the shop's currency; currency; coupon; query; rating, 0 to 5;
/// text; product_ids, categories, prices and quantities, each with one entry a product line, separated by |; traits as name=value, separated by |;
/// other_id; product_names, one entry a line again.
/// </summary>
internal sealed class EventTable(CsvWriter csv, JournalRange range) : IJournalTable
{
    private static readonly string[] Columns =
    [
        "customer_id", "sequence", "time", "kind", "name", "channel", "device", "session_id", "order_id", "amount", "shipping", "tax", "discount",
        "currency", "coupon", "query", "rating", "text", "product_ids", "categories", "prices", "quantities", "traits", "other_id",
        "product_names",
    ];

    public void WriteHeader() => csv.WriteRecord(Columns);

    public async ValueTask<int> AddAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var rows = 0;
        var sequence = record.FirstSequence;
        foreach (var e in EventCodec.Decode(record.Payload.Span))
        {
            if (range.Contains(e.TimestampMs))
            {
                Write(record.CustomerId, sequence, e);
                await csv.EndRecordAsync(cancellationToken);
                rows++;
            }

            sequence++;
        }

        return rows;
    }

    public ValueTask<int> FinishAsync(CancellationToken cancellationToken) => new(0);

    private void Write(string customerId, long sequence, CustomerEvent e)
    {
        csv.WriteField(customerId);
        csv.WriteField(sequence);
        csv.WriteField(DateTimeOffset.FromUnixTimeMilliseconds(e.TimestampMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        csv.WriteField(e.Kind.ToString());
        csv.WriteField(e.Name);
        csv.WriteField(e.Channel == Channel.Unknown ? null : e.Channel.ToString());
        csv.WriteField(e.Device == DeviceKind.Unknown ? null : e.Device.ToString());
        csv.WriteField(e.SessionId);
        csv.WriteField(e.OrderId);
        csv.WriteField(Text(e.Amount));
        csv.WriteField(Text(e.Shipping));
        csv.WriteField(Text(e.Tax));
        csv.WriteField(Text(e.Discount));
        csv.WriteField(e.Currency);
        csv.WriteField(e.Coupon);
        csv.WriteField(e.Query);
        csv.WriteField(Text(e.Rating));
        csv.WriteField(e.Text);
        csv.WriteField(Join(e.Products, line => line.ProductId));
        csv.WriteField(Join(e.Products, line => line.Category));
        csv.WriteField(Join(e.Products, line => Text(line.Price)));
        csv.WriteField(Join(e.Products, line => Text(line.Quantity)));
        csv.WriteField(string.Join('|', e.Traits.Select(trait => $"{Clean(trait.Name)}={Clean(trait.Value)}")));
        csv.WriteField(e.OtherId);
        csv.WriteField(Join(e.Products, line => line.Name));
    }

    private static string Join(IReadOnlyList<ProductLine> lines, Func<ProductLine, string?> select) =>
        string.Join('|', lines.Select(line => Clean(select(line))));

    private static string? Clean(string? text) => text?.Replace('|', ' ');

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);
}
