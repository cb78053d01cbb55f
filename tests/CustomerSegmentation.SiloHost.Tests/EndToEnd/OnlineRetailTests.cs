using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Tests.Fakes;
using CustomerSegmentation.SiloHost.Tests.Import;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

public sealed class OnlineRetailTests
{
    [OnlineRetailFact]
    public async Task Real_table_is_imported_whole_and_a_second_time_changes_nothing()
    {
        var engine = new FakeEngine();

        var report = await ImportAsync(engine);

        Assert.Equal((334_054, 3_412), (report.Rows, report.Customers));
        Assert.Equal((91_927, 21), (report.RowsWithoutCustomer, report.RejectedRows));
        Assert.Equal((11_906, 2_496), (report.Orders, report.Refunds));
        Assert.Equal(report.Events, report.EventsAdded);
        Assert.Equal(
            report.MoneyIn, engine.Events.Values.SelectMany(events => events).Where(e => e.Kind == EventKind.OrderCompleted).Sum(e => e.Amount!.Value), 2);

        var again = await ImportAsync(engine);

        Assert.Equal((0, report.Events), (again.EventsAdded, again.EventsKnown));
    }

    private static async Task<ImportReport> ImportAsync(FakeEngine engine)
    {
        using var input = await InputFile.OpenAsync(OnlineRetailFactAttribute.TablePath, CancellationToken.None);
        var clock = new TestClock();
        return await new Importer(new EngineSink(engine, clock), clock).RunAsync(input, ImportRun.OnlineRetail(), CancellationToken.None);
    }
}
