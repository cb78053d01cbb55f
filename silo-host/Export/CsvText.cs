using CsvHelper;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>How tables are written: commas, a line feed behind each record, quotes where they are needed.</summary>
internal static class CsvText
{
    public static CsvWriterOptions Options { get; } = new() { NewLine = "\n" };
}
