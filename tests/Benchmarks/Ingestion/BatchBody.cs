using System.Globalization;
using System.Text;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// The body of a batch call, built once and sent many times: only the digits of the message ids and of the customers change, in place. So the load
/// generator costs little beside the service that it measures.
/// </summary>
internal sealed class BatchBody
{
    private const int Digits = 12;
    private const int CustomerDigits = 7;

    private readonly List<int> _messageIds = [];
    private readonly List<int> _customers = [];

    private BatchBody(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <summary>A batch of views, cart events, searches and orders with up to three lines, about as large as those of SDKs.</summary>
    public static BatchBody Create(int events, DateTimeOffset time, Random random)
    {
        var text = new StringBuilder("{\"batch\":[");
        var messageIds = new List<int>();
        var customers = new List<int>();
        for (var i = 0; i < events; i++)
        {
            text.Append(i == 0 ? "" : ",").Append("{\"type\":\"track\",\"messageId\":\"node-next-1721000000-");
            messageIds.Add(text.Length);
            text.Append('0', Digits).Append("\",\"userId\":\"customer-");
            customers.Add(text.Length);
            text.Append('0', CustomerDigits).Append("\",\"timestamp\":\"").Append(time.AddMilliseconds(i).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            text.Append("\",\"context\":{\"library\":{\"name\":\"@segment/analytics-node\",\"version\":\"3.1.0\"}},\"integrations\":{},\"_metadata\":{\"nodeVersion\":\"20.20.2\",\"jsRuntime\":\"node\"},");
            AppendEvent(text, random);
        }
        text.Append("],\"sentAt\":\"").Append(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append("\"}");
        var body = new BatchBody(Encoding.ASCII.GetBytes(text.ToString()));
        body._messageIds.AddRange(messageIds);
        body._customers.AddRange(customers);
        return body;
    }

    /// <summary>Gives every event of the batch a message id of its own and a random customer.</summary>
    public void Renew(long firstMessage, int customers, Random random)
    {
        for (var i = 0; i < _messageIds.Count; i++)
        {
            Write(_messageIds[i], Digits, firstMessage + i);
            Write(_customers[i], CustomerDigits, random.Next(customers));
        }
    }

    private static void AppendEvent(StringBuilder text, Random random)
    {
        var product = random.Next(2_000);
        var price = (5 + product % 95).ToString(CultureInfo.InvariantCulture);
        var line = $"{{\"product_id\":\"p{product}\",\"name\":\"Product {product}\",\"category\":\"category-{product % 20}\",\"price\":{price}.5,\"quantity\":1}}";
        switch (random.Next(10))
        {
            case 0:
                text.Append(CultureInfo.InvariantCulture, $"\"event\":\"Order Completed\",\"properties\":{{\"order_id\":\"o{random.Next(1_000_000)}\",\"total\":{price}.5,\"currency\":\"EUR\",\"products\":[{line}]}}}}");
                break;
            case 1:
                text.Append(CultureInfo.InvariantCulture, $"\"event\":\"Products Searched\",\"properties\":{{\"query\":\"gift {product}\"}}}}");
                break;
            case 2 or 3:
                text.Append(CultureInfo.InvariantCulture, $"\"event\":\"Product Added\",\"properties\":{line}}}");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"\"event\":\"Product Viewed\",\"properties\":{line}}}");
                break;
        }
    }

    private void Write(int at, int digits, long number)
    {
        for (var i = digits - 1; i >= 0; i--)
        {
            Bytes[at + i] = (byte)('0' + number % 10);
            number /= 10;
        }
    }
}
