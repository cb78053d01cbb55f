using System.Text;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Tests.Fakes;

namespace CustomerSegmentation.SiloHost.Tests.Import;

public sealed class CsvImportTests
{
    private readonly FakeEngine _engine = new();

    [Fact]
    public async Task White_space_table_without_header_is_read_by_column_number()
    {
        var report = await ImportRun.CsvAsync(
            _engine, "customer=1,time=2:yyyyMMdd,quantity=3,amount=4", " 00001 19970101  1   11.77", " 00002 19970112  5   77.00", " 00001 19970118  2   0.00");

        Assert.Equal((3, 3, 0), (report.Rows, report.Orders, report.RejectedRows));
        var orders = _engine.Of("00001", EventKind.OrderCompleted).OrderBy(e => e.TimestampMs).ToList();
        Assert.Equal([11.77, 0], orders.Select(e => e.Amount!.Value));
        Assert.Equal(new DateTimeOffset(1997, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), orders[0].TimestampMs);
        Assert.Equal(1, orders[0].Products[0].Quantity);
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    [InlineData(',')]
    public async Task Delimiter_is_found_out(char delimiter)
    {
        var lines = new[] { "client,when,receipt,sku,kind,qty,price", "a,2024-01-02T03:04:05Z,r1,s1,Toys,2,3.5", "a,2024-01-02T03:04:05Z,r1,s2,Books,1,4", "b,2024-01-03,r2,s1,Toys,1,3.5" };

        await ImportRun.CsvAsync(
            _engine, "customer=client,time=when,order=receipt,product=sku,category=KIND,quantity=qty,price=price",
            [.. lines.Select(line => line.Replace(',', delimiter))]);

        var order = Assert.Single(_engine.Of("a", EventKind.OrderCompleted));
        Assert.Equal((11, 2, "Toys"), (order.Amount, order.Products.Count, order.Products[0].Category));
        Assert.Single(_engine.Of("b", EventKind.OrderCompleted));
    }

    [Fact]
    public async Task Event_column_names_what_happened()
    {
        await ImportRun.CsvAsync(
            _engine, "customer=id,time=t:unixms,event=what,product=p,price=price,rating=stars,text=words,channel=via",
            "id,t,what,p,price,stars,words,via",
            "a,1700000000000,view,p1,0,,,web",
            "a,1700000001000,Product Added,p1,5,,,app",
            "a,1700000002000,purchase,p1,5,,,store",
            "a,1700000003000,refund,p1,5,,,",
            "a,1700000004000,product_reviewed,p1,,4.5,good,",
            "a,1700000005000,Spun The Wheel,,,,,");

        var events = _engine.Events["a"].OrderBy(e => e.TimestampMs).ToList();
        Assert.Equal(
            [EventKind.ProductViewed, EventKind.ProductAdded, EventKind.OrderCompleted, EventKind.OrderRefunded, EventKind.ProductReviewed, EventKind.Custom],
            events.Select(e => e.Kind));
        Assert.Equal((5, 5), (events[2].Amount, events[3].Amount));
        Assert.Equal((4.5, "good"), (events[4].Rating, events[4].Text));
        Assert.Equal("Spun The Wheel", events[5].Name);
        Assert.Equal([Channel.Web, Channel.MobileApp, Channel.Store], events.Take(3).Select(e => e.Channel));
    }

    [Fact]
    public async Task Bad_values_are_rejected_by_code()
    {
        var report = await ImportRun.CsvAsync(
            _engine, "customer=id,time=t,amount=sum,quantity=q,rating=r",
            "id,t,sum,q,r", "a,2024-01-01,-5,1,", "a,2024-01-01,5,-1,", "a,2024-01-01,x,1,", "a,01/02/2024,5,1,", "a,2024-01-01,5,1,9", ",2024-01-01,5,1,", "a,2024-01-01,5,1,5");

        Assert.Equal(1, report.Orders);
        Assert.Equal(1, report.RowsWithoutCustomer);
        Assert.Equal(
            [ImportCodes.AmountNegative, ImportCodes.InvalidNumber, ImportCodes.InvalidRating, ImportCodes.InvalidTimestamp, ImportCodes.QuantityNotPositive],
            report.Rejected.Keys);
    }

    [Fact]
    public async Task Unknown_column_fails_and_lists_the_columns()
    {
        var failure = await Assert.ThrowsAsync<CommandFailure>(
            () => ImportRun.CsvAsync(_engine, "customer=client,time=when", "customer_id,time", "a,2024-01-01"));

        Assert.Contains("'client'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1 customer_id, 2 time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_without_a_header_fails_and_asks_for_numbers()
    {
        var failure = await Assert.ThrowsAsync<CommandFailure>(
            () => ImportRun.BytesAsync(_engine, Encoding.UTF8.GetBytes("a,2024-01-01\n"), ImportRun.Csv("customer=client,time=2", noHeader: true)));

        Assert.Contains("numbers from 1 to 2", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customer=a", "time=COLUMN is needed")]
    [InlineData("time=a", "customer=COLUMN is needed")]
    [InlineData("customer=a,time=b,colour=c", "'colour' is not a role")]
    [InlineData("customer=a,time=b,customer=c", "given twice")]
    [InlineData("customer", "not of the form")]
    public void Map_that_makes_no_sense_is_wrong_usage(string map, string message) =>
        Assert.Contains(message, Assert.Throws<UsageError>(() => ColumnMap.Parse(map)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Same_row_twice_without_an_order_is_counted_once()
    {
        var report = await ImportRun.CsvAsync(_engine, "customer=1,time=2,amount=3", "a,2024-01-01,5", "a,2024-01-01,5", "a,2024-01-01,6");

        Assert.Equal((2, 1), (report.EventsAdded, report.EventsKnown));
    }

    [Fact]
    public async Task Rows_before_the_earliest_time_are_rejected_with_it()
    {
        var engine = new FakeEngine();
        var clock = new TestClock();
        var bytes = Encoding.UTF8.GetBytes("client,date,price\nada,2025-06-01,3\nada,2025-06-02,4\n");
        using var input = await InputFile.WrapAsync("table.csv", new MemoryStream(bytes), bytes.Length, CancellationToken.None);
        var importer = new Importer(new EngineSink(engine, clock), clock, new DateTimeOffset(2025, 6, 2, 0, 0, 0, TimeSpan.Zero));

        var report = await importer.RunAsync(input, ImportRun.Csv("customer=client,time=date,price=price"), CancellationToken.None);

        Assert.Equal(1, report.RejectedRows);
        Assert.Contains("before 2025-06-02", Assert.Single(engine.Rejections).Reason, StringComparison.Ordinal);
    }
}
