using System.Globalization;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A small table of sales with the columns that the README names.</summary>
internal static class SalesTable
{
    public const int Clients = 60;

    public static async Task WriteAsync(string path)
    {
        var start = new DateTime(2024, 6, 1, 10, 0, 0, DateTimeKind.Utc);
        List<string> rows = ["client,date,receipt,sku,qty,price"];
        for (var client = 0; client < Clients; client++)
        {
            // Few clients buy often and much, many come once; the last ones come after the day of the README's export.
            var orders = client % 10 == 0 ? 12 : 1 + (client % 3);
            var first = client >= Clients - 5 ? 365 : client;
            for (var order = 0; order < orders; order++)
            {
                var date = start.AddDays(first + (order * 20)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
                rows.Add(FormattableString.Invariant($"c{client},{date},r{client}-{order},mug,{1 + (client % 4)},{(client % 10 == 0 ? 80 : 7.5)}"));
                rows.Add(FormattableString.Invariant($"c{client},{date},r{client}-{order},tea,2,{3 + (order * 0.25)}"));
            }
        }

        await File.WriteAllLinesAsync(path, rows);
    }
}
