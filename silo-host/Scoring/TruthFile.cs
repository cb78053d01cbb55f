using System.Globalization;
using CsvHelper;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.SiloHost.Import;
using CustomerSegmentation.SiloHost.Simulation;

namespace CustomerSegmentation.SiloHost.Scoring;

/// <summary>The file of hidden types: <c>customer_id,type,since</c>, since in ISO 8601.</summary>
internal static class TruthFile
{
    public static Task WriteAsync(string path, IEnumerable<VisitorTruth> truth, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(
            path,
            async stream =>
            {
                await using var csv = CsvWriter.Create(stream, CsvText.Options, leaveOpen: true);
                csv.WriteRecord(["customer_id", "type", "since"]);
                foreach (var visitor in truth)
                {
                    csv.WriteField(visitor.CustomerId);
                    csv.WriteField(visitor.Type.ToString());
                    csv.WriteField(visitor.Since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
                    await csv.EndRecordAsync(cancellationToken);
                }
            },
            cancellationToken);

    /// <summary>The type of each customer, whatever types the file names.</summary>
    /// <exception cref="CommandFailure">The file cannot be read, or has no columns customer_id and type.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        try
        {
            using var text = new StreamReader(path);
            var records = new RecordReader(text);
            var header = records.Read() ? records.Fields.Select(name => name.Trim()).ToList() : [];
            var (id, type) = (header.IndexOf("customer_id"), header.IndexOf("type"));
            if (id < 0 || type < 0)
            {
                throw new CommandFailure($"{path} is no truth file: its first line does not name the columns customer_id and type");
            }

            var types = new Dictionary<string, string>(StringComparer.Ordinal);
            while (records.Read())
            {
                if (records.Fields.Count > Math.Max(id, type))
                {
                    types[records.Fields[id]] = records.Fields[type];
                }
            }

            return types;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"cannot read {path}: {e.Message}", e);
        }
    }
}
