using System.Globalization;
using CustomerSegmentation.Contracts.Segments;
using Spectre.Console;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Segments as a table for people.</summary>
internal static class SegmentsTable
{
    public static void Print(SegmentsView view, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("Segment").AddColumn(new TableColumn("Customers").RightAligned()).AddColumn(new TableColumn("Share").RightAligned())
            .AddColumn(new TableColumn("Money share").RightAligned()).AddColumn("What sets it apart");
        foreach (var segment in view.Segments)
        {
            table.AddRow(
                new Text(segment.Name), Number($"{segment.Size:N0}"), Number($"{segment.Share:P1}"), Number($"{segment.MonetaryShare:P1}"),
                new Text(string.Join(", ", segment.Distinguishing.Take(3).Select(Describe))));
        }

        console.Write(table);
        if (view.Unassigned > 0)
        {
            console.WriteLine($"{view.Unassigned.ToString("N0", CultureInfo.InvariantCulture)} customers are not assigned yet");
        }
    }

    private static string Describe(DistinguishingFeature feature)
    {
        var typical = string.Create(CultureInfo.InvariantCulture, $"{feature.Feature} {feature.Typical:0.##} {feature.Unit}").TrimEnd();
        return string.Create(CultureInfo.InvariantCulture, $"{typical} (all: {feature.Overall:0.##})");
    }

    private static Text Number(FormattableString text) => new(text.ToString(CultureInfo.InvariantCulture));
}
