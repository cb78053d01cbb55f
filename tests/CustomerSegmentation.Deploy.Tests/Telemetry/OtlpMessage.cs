using Google.Protobuf;

namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>Reads OTLP's protobuf messages as far as the tests look: the field numbers are those of opentelemetry-proto, which are fixed.</summary>
internal static class OtlpMessage
{
    /// <summary>Spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ReceivedSpan> Spans(byte[] request) =>
        from resource in Fields(request, 1)
        from scope in Fields(resource, 2)
        let name = Fields(scope, 1).SelectMany(s => Fields(s, 1)).Select(Text).FirstOrDefault("")
        from span in Fields(scope, 2)
        select new ReceivedSpan(
            name, Fields(span, 5).Select(Text).FirstOrDefault(""), Fields(span, 1).Select(Convert.ToHexString).FirstOrDefault(""),
            Fields(span, 2).Select(Convert.ToHexString).FirstOrDefault(""), Fields(span, 4).Select(Convert.ToHexString).FirstOrDefault(""));

    /// <summary>Names of metrics of an ExportMetricsServiceRequest.</summary>
    public static IEnumerable<string> Metrics(byte[] request) =>
        from resource in Fields(request, 1)
        from scope in Fields(resource, 2)
        from metric in Fields(scope, 2)
        select Fields(metric, 1).Select(Text).FirstOrDefault("");

    /// <summary>String attributes of the resource of either request.</summary>
    public static IReadOnlyDictionary<string, string> Resource(byte[] request) => Fields(request, 1)
        .SelectMany(resource => Fields(resource, 1))
        .SelectMany(attributes => Fields(attributes, 1))
        .Select(pair => (Key: Fields(pair, 1).Select(Text).First(), Value: Fields(pair, 2).SelectMany(v => Fields(v, 1)).Select(Text).FirstOrDefault("")))
        .DistinctBy(pair => pair.Key)
        .ToDictionary(pair => pair.Key, pair => pair.Value);

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
