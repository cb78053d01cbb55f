using System.Globalization;
using CustomerSegmentation.Samples.SegmentSize;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
#if ORLEANS
await using var source = await ClusterSegments.ConnectAsync(Environment.GetEnvironmentVariable("SEGMENTATION_POSTGRES") ?? "", stop.Token);
#else
await using ISegmentSource source = new HttpSegments(
    new Uri(Environment.GetEnvironmentVariable("SEGMENTATION_URL") ?? "http://127.0.0.1:5080"), Environment.GetEnvironmentVariable("SEGMENTATION_KEY") ?? "none");
#endif

if (args is not [var key])
{
    foreach (var (each, name) in await source.ListAsync(stop.Token))
    {
        Console.WriteLine($"{each}  {name}");
    }

    return 0;
}

// One line for each change, until Ctrl-C.
long? before = null;
try
{
    using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
    do
    {
        if (await source.ReadAsync(key, stop.Token) is not { } now)
        {
            Console.Error.WriteLine($"there is no segment '{key}'");
            return 1;
        }

        if (now.Size != before)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key}: {now.Size} customers, {100 * now.Share:0.0} %"));
            before = now.Size;
        }
    }
    while (await second.WaitForNextTickAsync(stop.Token));
}
catch (OperationCanceledException)
{
    // Ctrl-C.
}

return 0;
