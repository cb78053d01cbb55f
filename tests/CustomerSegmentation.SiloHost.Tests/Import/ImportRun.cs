using System.Text;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Tests.Fakes;

namespace CustomerSegmentation.SiloHost.Tests.Import;

/// <summary>Runs imports of small tables.</summary>
internal static class ImportRun
{
    public const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    public static Task<ImportReport> OnlineRetailAsync(FakeEngine engine, params string[] lines) =>
        BytesAsync(engine, Encoding.UTF8.GetBytes(string.Join('\n', lines.Prepend(Header)) + "\n"), OnlineRetail());

    public static Task<ImportReport> CsvAsync(FakeEngine engine, string map, params string[] lines) =>
        BytesAsync(engine, Encoding.UTF8.GetBytes(string.Join('\n', lines)), Csv(map));

    public static ImportOptions OnlineRetail() => new() { Format = ImportFormat.OnlineRetail };

    public static ImportOptions Csv(string map, bool noHeader = false) =>
        new() { Format = ImportFormat.Csv, Map = ColumnMap.Parse(map), NoHeader = noHeader };

    public static async Task<ImportReport> BytesAsync(FakeEngine engine, byte[] bytes, ImportOptions options, string name = "table.csv")
    {
        using var input = await InputFile.WrapAsync(name, new MemoryStream(bytes), bytes.Length, CancellationToken.None);
        var clock = new TestClock();
        return await new Importer(new EngineSink(engine, clock), clock).RunAsync(input, options, CancellationToken.None);
    }
}
