using System.CommandLine;
using System.Globalization;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Import;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>import FILE</c></summary>
internal static class ImportCommand
{
    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var file = new Argument<string>("FILE") { Description = "The table, plain or gzip; - for standard input" };
        var format = new Option<string>("--format") { Description = "Layout of the table", Required = true };
        format.AcceptOnlyFromAmong("online-retail", "csv");
        var map = new Option<string>("--map") { Description = HelpText.Map, HelpName = "ROLE=COLUMN,…" };
        var delimiter = new Option<string>("--delimiter")
        {
            Description = "What separates columns: one character, or comma, semicolon, tab, pipe, space (any white space) [default: found out]",
            HelpName = "CHAR",
        };
        var noHeader = new Option<bool>("--no-header") { Description = "The first line is data" };
        var command = new Command("import", HelpText.Import) { file, format, map, delimiter, noHeader, global.Url, global.Key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = Options(parsed.GetRequiredValue(format), parsed.GetValue(map), parsed.GetValue(delimiter), parsed.GetValue(noHeader));
            using var input = await InputFile.OpenAsync(parsed.GetRequiredValue(file), cancellationToken);
            await using var access = await services.Opener.OpenAsync(global.Location(parsed), cancellationToken);
            var importer = new Importer(access.Sink, services.Time, access.Earliest);
            var report = await services.Progress.RunAsync(
                $"importing {input.Name}",
                () => new ProgressSnapshot(
                    input.Length is > 0 and { } length ? (double)input.Position / length : null, importer.Report.Rows, "rows",
                    importer.Report.RejectedRows is > 0 and { } rejected ? $"{rejected:N0} rejected" : ""),
                () => Task.Run(() => importer.RunAsync(input, options, cancellationToken), cancellationToken));
            Print(report, access, services.Console.Output);
            return CommandLineApplication.Success;
        });
        return command;
    }

    private static ImportOptions Options(string format, string? map, string? delimiter, bool noHeader)
    {
        if (format == "online-retail" && (map is not null || noHeader))
        {
            throw new UsageError("--map and --no-header belong to --format csv; an online-retail table names its columns itself");
        }

        return new ImportOptions
        {
            Format = format == "csv" ? ImportFormat.Csv : ImportFormat.OnlineRetail,
            Map = format == "csv"
                ? ColumnMap.Parse(map ?? throw new UsageError("--format csv needs --map customer=COLUMN,time=COLUMN[:FORMAT],…"))
                : null,
            Delimiter = delimiter is null ? null : FieldDelimiter.Parse(delimiter),
            NoHeader = noHeader,
        };
    }

    private static void Print(ImportReport report, ISegmentationAccess access, TextWriter output)
    {
        void Line(string name, FormattableString text) => output.WriteLine($"  {name,-22} {text.ToString(CultureInfo.InvariantCulture)}");

        var seconds = Math.Max(report.Elapsed.TotalSeconds, 0.001);
        output.WriteLine($"imported into {access.Description}");
        Line("rows", $"{report.Rows:N0} in {report.Elapsed.TotalSeconds:N1} s ({report.Rows / seconds:N0} rows/s)");
        Line("events", $"{report.Events:N0}: {report.Orders:N0} orders, {report.Refunds:N0} refunds, {report.Events - report.Orders - report.Refunds:N0} others");
        if (report.EventsTaken > 0)
        {
            Line("taken", $"{report.EventsTaken + report.EventsAdded + report.EventsKnown:N0}; those known already changed nothing");
        }
        else
        {
            Line("new / known already", $"{report.EventsAdded:N0} / {report.EventsKnown:N0}");
        }

        Line("customers", $"{report.Customers:N0}");
        Line("money in / out", $"{report.MoneyIn:N2} / {report.MoneyOut:N2}");
        Line("rows without customer", $"{report.RowsWithoutCustomer:N0}");
        Line("repeated rows", $"{report.DuplicateRows:N0}");
        Line("rejected rows", $"{report.RejectedRows:N0}");
        foreach (var (code, count) in report.Rejected)
        {
            Line($"  {code}", $"{count:N0}");
        }

        if (report.EventsOfErased > 0)
        {
            Line("of erased customers", $"{report.EventsOfErased:N0} events refused");
        }

        if (report.EventsRefused > 0)
        {
            Line("refused", $"{report.EventsRefused:N0} events; the rejections say why");
        }
    }
}
