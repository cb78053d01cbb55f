using System.Net;
using System.Net.Http.Json;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>Old events leave the journal of a cluster.</summary>
public sealed class RetentionTests
{
    private const int Customers = 20;

    [PostgresFact]
    public async Task Old_events_leave_the_journal_where_the_coordinator_may_be_and_customers_stay_as_they_were()
    {
        var (connection, schema) = (await TestServer.ConnectionStringAsync(), $"retention_{Guid.NewGuid():n}");
        string[] without = ["SequenceModel=", "TextModel="];
        await using (var before = await SiloProcess.StartAsync(connection, schema, without))
        {
            for (var i = 0; i < Customers; i++)
            {
                Assert.Equal(HttpStatusCode.OK, await SendAsync(before, $"c{i}", "old", daysAgo: 40));
                Assert.Equal(HttpStatusCode.OK, await SendAsync(before, $"c{i}", "young", daysAgo: 1));
            }
            Assert.Equal(0, await before.StopAsync());
        }

        // Two coordinators: both make the pass.
        string[] keeping = [.. without, "JournalRetentionDays=30"];
        await using var shop = await SiloProcess.StartAsync(connection, schema, [.. keeping, "Cluster:Roles=customers,api,coordinator"]);
        await using var coordinator = await SiloProcess.StartAsync(connection, schema, [.. keeping, "Cluster:Roles=coordinator"]);

        for (var i = 0; i < Customers; i++)
        {
            var customer = $"c{i}";
            await Waiting.UntilAsync(async () => await MessagesAsync(shop, customer) is ["young"]);
            Assert.Equal(2, await shop.ReadMonetaryAsync(customer));
            Assert.NotEqual(HttpStatusCode.OK, await SendAsync(shop, customer, "late", daysAgo: 40));
            Assert.Equal(HttpStatusCode.OK, await SendAsync(shop, customer, "next", daysAgo: 0));
            Assert.Equal(3, await shop.ReadMonetaryAsync(customer));
        }
        Assert.Equal(0, await coordinator.StopAsync());
        Assert.Equal(0, await shop.StopAsync());
    }

    private static async Task<HttpStatusCode> SendAsync(SiloProcess silo, string customer, string message, int daysAgo)
    {
        using var answer = await silo.Http.PostAsJsonAsync("/v1/track", new
        {
            userId = customer, messageId = message, timestamp = TimeProvider.System.GetUtcNow().AddDays(-daysAgo), @event = "Order Completed",
            properties = new { order_id = message, total = 1 },
        });
        return answer.StatusCode;
    }

    /// <summary>Message ids of the events that the journal has of a customer.</summary>
    private static async Task<IReadOnlyList<string?>> MessagesAsync(SiloProcess silo, string customer) =>
        [
        .. (await silo.GetAsync($"/api/customers/{customer}/export")).GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("event").GetProperty("messageId").GetString()),
    ];
}
