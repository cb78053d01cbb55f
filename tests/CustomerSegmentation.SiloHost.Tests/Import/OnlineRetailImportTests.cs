using System.IO.Compression;
using System.Text;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Tests.Fakes;

namespace CustomerSegmentation.SiloHost.Tests.Import;

public sealed class OnlineRetailImportTests
{
    private readonly FakeEngine _engine = new();

    [Fact]
    public async Task Invoice_of_two_rows_becomes_one_order_with_its_lines()
    {
        var report = await ImportRun.OnlineRetailAsync(
            _engine,
            "536365,85123A,\"HEART, WHITE\",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
            "536365,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom");

        var order = Assert.Single(_engine.Of("17850", EventKind.OrderCompleted));
        Assert.Equal("536365", order.OrderId);
        Assert.Equal((6 * 2.55) + (2 * 3.39), order.Amount!.Value, 9);
        Assert.Equal(["85123A", "71053"], order.Products.Select(line => line.ProductId));
        Assert.Equal("HEART, WHITE", order.Products[0].Name);
        Assert.Equal(new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), order.TimestampMs);
        Assert.Equal((2, 1, 1), (report.Rows, report.Orders, report.Customers));
        Assert.Equal(order.Amount.Value, report.MoneyIn, 9);
    }

    [Fact]
    public async Task Cancellation_becomes_a_refund_with_positive_money()
    {
        var report = await ImportRun.OnlineRetailAsync(_engine, "C536379,84406B,HEARTS,-3,2010-12-01 09:41:00,2.5,14527.0,France");

        var refund = Assert.Single(_engine.Of("14527", EventKind.OrderRefunded));
        Assert.Equal(7.5, refund.Amount);
        Assert.Equal(3, refund.Products[0].Quantity);
        Assert.Equal(7.5, report.MoneyOut);
        Assert.Equal(0, report.MoneyIn);
    }

    [Fact]
    public async Task Every_kind_of_dirt_is_counted_once_and_rejected_with_its_line()
    {
        var report = await ImportRun.OnlineRetailAsync(
            _engine,
            "1,A,X,1,2010-12-01 08:00:00,2,1.0,UK",
            "1,A,X,1,2010-12-01 08:00:00,2,1.0,UK",
            "2,A,X,1,2010-12-01 08:00:00,2,,UK",
            "3,A,X,0,2010-12-01 08:00:00,2,1.0,UK",
            "4,A,X,-5,2010-12-01 08:00:00,2,1.0,UK",
            "C5,A,X,5,2010-12-01 08:00:00,2,1.0,UK",
            "6,A,X,1,2010-12-01 08:00:00,0,1.0,UK",
            "7,A,X,1,yesterday,2,1.0,UK",
            "8,A,X,many,2010-12-01 08:00:00,2,1.0,UK",
            "9,A,X,1,2010-12-01 08:00:00,NaN,1.0,UK",
            "10,A",
            "11,A,\"never closed,1,2010-12-01 08:00:00,2,1.0,UK",
            "12,A,X,1,2010-12-01 08:00:00,2,1.0,UK",
            ",A,X,1,2010-12-01 08:00:00,2,1.0,UK",
            "13,A,X,1,2050-12-01 08:00:00,2,1.0,UK",
            $"14,A,X,1,2010-12-01 08:00:00,2,{new string('9', 201)},UK");

        Assert.Equal(16, report.Rows);
        Assert.Equal(1, report.DuplicateRows);
        Assert.Equal(1, report.RowsWithoutCustomer);
        Assert.Equal(2, report.Orders);
        Assert.Equal(
            new Dictionary<string, long>
            {
                [ImportCodes.QuantityNotPositive] = 2,
                [ImportCodes.CancellationQuantityPositive] = 1,
                [ImportCodes.PriceNotPositive] = 1,
                [ImportCodes.InvalidTimestamp] = 1,
                [ImportCodes.InvalidNumber] = 2,
                [ImportCodes.MissingColumns] = 1,
                [ImportCodes.UnclosedQuote] = 1,
                [ImportCodes.MissingOrderId] = 1,
                [ImportCodes.TimestampOutOfRange] = 1,
                [ImportCodes.InvalidCustomerId] = 1,
            },
            report.Rejected.ToDictionary());
        Assert.Equal(report.Rows, 2 + report.DuplicateRows + report.RowsWithoutCustomer + report.RejectedRows);
        Assert.Equal([5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17], _engine.Rejections.Select(rejection => rejection.Position));
        Assert.All(_engine.Rejections, rejection => Assert.Equal("import:table.csv", rejection.Source));
    }

    [Fact]
    public async Task Rows_of_an_invoice_apart_from_each_other_become_one_order()
    {
        await ImportRun.OnlineRetailAsync(
            _engine,
            "1,A,X,1,2010-12-01 08:00:00,2,1,UK",
            "2,A,X,1,2010-12-01 08:01:00,2,2,UK",
            "1,A2,Y,1,2010-12-01 08:02:00,3,1,UK");

        var order = Assert.Single(_engine.Of("1", EventKind.OrderCompleted));
        Assert.Equal(5, order.Amount);
        Assert.Equal(2, order.Products.Count);
    }

    [Fact]
    public async Task Codes_that_are_no_products_count_in_the_money_alone()
    {
        await ImportRun.OnlineRetailAsync(
            _engine,
            "1,A,X,2,2010-12-01 08:00:00,10,1,UK",
            "1,POST,POSTAGE,1,2010-12-01 08:00:00,5,1,UK",
            "1,M,Manual,1,2010-12-01 08:00:00,3,1,UK",
            "C2,D,Discount,-1,2010-12-02 08:00:00,4,1,UK");

        var order = Assert.Single(_engine.Of("1", EventKind.OrderCompleted));
        Assert.Equal(28, order.Amount);
        Assert.Equal(5, order.Shipping);
        Assert.Equal("A", Assert.Single(order.Products).ProductId);
        var refund = Assert.Single(_engine.Of("1", EventKind.OrderRefunded));
        Assert.Equal((4, 4), (refund.Amount, refund.Discount));
        Assert.Empty(refund.Products);
    }

    [Fact]
    public async Task Country_is_identified_at_first_sight_and_at_each_change()
    {
        await ImportRun.OnlineRetailAsync(
            _engine,
            "1,A,X,1,2010-12-01 08:00:00,2,1,France",
            "2,A,X,1,2010-12-02 08:00:00,2,1,France",
            "3,A,X,1,2010-12-03 08:00:00,2,1,Spain",
            "4,A,X,1,2010-12-04 08:00:00,2,1,France");

        Assert.Equal(
            ["France", "Spain", "France"],
            _engine.Of("1", EventKind.TraitsIdentified).OrderBy(e => e.TimestampMs).Select(e => Assert.Single(e.Traits).Value));
    }

    [Fact]
    public async Task Second_import_of_the_same_table_adds_nothing()
    {
        string[] lines = ["1,A,X,1,2010-12-01 08:00:00,2,1,UK", "2,A,X,1,2010-12-02 08:00:00,2,2,UK", "C3,A,X,-1,2010-12-03 08:00:00,2,1,UK"];
        await ImportRun.OnlineRetailAsync(_engine, lines);

        var again = await ImportRun.OnlineRetailAsync(_engine, lines);

        Assert.Equal((0, 5), (again.EventsAdded, again.EventsKnown));
    }

    [Fact]
    public async Task Longer_table_that_overlaps_adds_only_what_is_new()
    {
        string[] lines =
        [
            "1,A,X,1,2010-12-01 08:00:00,2,1,UK", "2,A,X,1,2010-12-02 08:00:00,2,2,UK", "3,A,X,1,2010-12-03 08:00:00,2,1,UK", "4,B,X,1,2010-12-04 08:00:00,2,3,UK",
        ];
        await ImportRun.OnlineRetailAsync(_engine, lines[..3]);

        var again = await ImportRun.OnlineRetailAsync(_engine, lines[1..]);

        Assert.Equal(2, again.EventsAdded);
        Assert.Single(_engine.Of("3", EventKind.OrderCompleted));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public async Task Gzip_byte_order_mark_and_line_ends_make_no_difference(bool gzip, bool mark, bool crlf)
    {
        var text = string.Join(crlf ? "\r\n" : "\n", ImportRun.Header, "1,A,\"two\nlines\",1,2010-12-01 08:00:00,2,1,UK", "2,A,X,1,2010-12-01 08:00:00,2,2,UK", "");
        byte[] bytes = [.. mark ? Encoding.UTF8.Preamble.ToArray() : [], .. Encoding.UTF8.GetBytes(text)];

        var report = await ImportRun.BytesAsync(_engine, gzip ? Compress(bytes) : bytes, ImportRun.OnlineRetail());

        Assert.Equal((2, 2, 0), (report.Rows, report.Orders, report.RejectedRows));
        Assert.Equal("UK", _engine.Of("2", EventKind.TraitsIdentified)[0].Traits[0].Value);
    }

    [Fact]
    public async Task Table_without_a_needed_column_fails_and_lists_the_columns()
    {
        var bytes = Encoding.UTF8.GetBytes("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Client\n");

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => ImportRun.BytesAsync(_engine, bytes, ImportRun.OnlineRetail()));

        Assert.Contains("CustomerID", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Client", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncated_gzip_keeps_what_came_before_and_fails()
    {
        var text = new StringBuilder(ImportRun.Header).Append('\n');
        for (var row = 0; row < 20_000; row++)
        {
            text.Append($"{row},A{row * 7919 % 104729},X,1,2010-12-01 08:00:00,2,{row % 50},UK\n");
        }

        var bytes = Compress(Encoding.UTF8.GetBytes(text.ToString()));

        var failure = await Assert.ThrowsAsync<CommandFailure>(
            () => ImportRun.BytesAsync(_engine, bytes[..(bytes.Length / 2)], ImportRun.OnlineRetail()));

        Assert.Contains("were imported", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(_engine.Events);
    }

    [Fact]
    public async Task Overloaded_engine_is_waited_for_and_gets_every_event_once()
    {
        _engine.OverloadedRequests = 7;

        var report = await ImportRun.OnlineRetailAsync(
            _engine, [.. Enumerable.Range(0, 40).Select(row => $"{row},A,X,1,2010-12-01 08:00:00,2,{row},UK")]);

        Assert.Equal(80, report.EventsAdded);
        Assert.Equal(0, _engine.OverloadedRequests);
    }

    [Fact]
    public async Task Events_of_an_erased_customer_are_refused_and_counted()
    {
        _engine.ErasedCustomers.Add("1");

        var report = await ImportRun.OnlineRetailAsync(_engine, "1,A,X,1,2010-12-01 08:00:00,2,1,UK", "2,A,X,1,2010-12-01 08:00:00,2,2,UK");

        Assert.Equal((2, 2), (report.EventsOfErased, report.EventsAdded));
    }

    [Fact]
    public async Task Wrong_table_is_given_up_early()
    {
        var failure = await Assert.ThrowsAsync<CommandFailure>(() => ImportRun.OnlineRetailAsync(
            _engine, [.. Enumerable.Range(0, 2_000).Select(row => $"{row},A,X,1,01.12.2010,2,{row},UK")]));

        Assert.Contains("first 1,000 rows", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }
}
