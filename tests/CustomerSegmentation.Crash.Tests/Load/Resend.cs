using System.Text;
using System.Text.Json;
using CustomerSegmentation.Crash.Tests.Service;

namespace CustomerSegmentation.Crash.Tests.Load;

/// <summary>Sends everything once more under the same ids.</summary>
internal static class Resend
{
    private const int BatchMax = 500;

    /// <returns>How many events were new to the service.</returns>
    public static async Task<int> EverythingAsync(Shop shop, Ledger ledger)
    {
        var http = await shop.ClientAsync();
        var accepted = 0;
        foreach (var batch in ledger.ByCustomer().Values.SelectMany(events => events).Chunk(BatchMax))
        {
            var body = $$"""{"batch":[{{string.Join(',', batch.Select(e => e.ToJson()))}}]}""";
            using var response = await http.PostAsync("v1/batch", new StringContent(body, Encoding.UTF8, "application/json"));
            var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            accepted += answer.GetProperty("accepted").GetInt32();
            Assert.Equal(batch.Length, answer.GetProperty("accepted").GetInt32() + answer.GetProperty("duplicates").GetInt32());
        }

        return accepted;
    }
}
