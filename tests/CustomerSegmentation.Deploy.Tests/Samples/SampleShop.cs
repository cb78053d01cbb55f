using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustomerSegmentation.Deploy.Tests.Services;

namespace CustomerSegmentation.Deploy.Tests.Samples;

/// <summary>A service for the samples, and how they are told of it: by its address, or by its cluster's database where they are built as clients of one.</summary>
internal sealed class SampleShop : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = [];

    public Dictionary<string, string> Environment { get; } = [];

    public HttpClient Http { get; private set; } = null!;

    public static async Task<SampleShop> StartAsync()
    {
        var shop = new SampleShop();
#if ORLEANS
        var database = await ClusterDatabase.CreateAsync();
        shop._parts.Push(database);
        var service = await RunningService.StartAsync(new Dictionary<string, string>(), "--cluster", "--postgres", database.ConnectionString);
        shop.Environment["SEGMENTATION_POSTGRES"] = database.ConnectionString;
#else
        var service = await RunningService.StartAsync(new Dictionary<string, string>());
        shop.Environment["SEGMENTATION_URL"] = service.Url.ToString();
        shop.Environment["SEGMENTATION_KEY"] = RunningService.AdminKey;
#endif
        shop._parts.Push(service);
        shop.Http = service.Client();
        return shop;
    }

    public async Task OrderAsync(string customer, int total) => (await Http.PostAsJsonAsync(
        "v1/track", new { userId = customer, @event = "Order Completed", properties = new { order_id = customer, total } })).EnsureSuccessStatusCode();

    /// <summary>Finds segments and waits until they are in force.</summary>
    public async Task SegmentAsync()
    {
        (await Http.PostAsJsonAsync("api/segmentations", new { segmentCount = 2 })).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var answer = await Http.GetAsync("api/segmentations/current", patience.Token);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                using var current = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(patience.Token));
                if (current.RootElement.GetProperty("status").GetString() == "active")
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }

    public async Task<IReadOnlyDictionary<string, long>> SizesAsync()
    {
        using var view = JsonDocument.Parse(await Http.GetStringAsync("api/segments"));
        return view.RootElement.GetProperty("segments").EnumerateArray()
            .ToDictionary(s => s.GetProperty("key").GetString()!, s => s.GetProperty("size").GetInt64());
    }

    public async Task<double> FrequencyAsync(string customer)
    {
        using var view = JsonDocument.Parse(await Http.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"api/customers/{customer}")));
        return view.RootElement.GetProperty("features").GetProperty("frequency").GetDouble();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }
}
