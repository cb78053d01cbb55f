using CustomerSegmentation.Crash.Tests.Service;

namespace CustomerSegmentation.Crash.Tests.Load;

/// <summary>Several clients that load a shop for as long as a test likes.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Task[] _clients;

    public Traffic(Shop shop, Ledger ledger, int seed, int clients = 4, int customers = 150)
    {
        Ledger = ledger;
        Customers = [.. Enumerable.Range(0, customers).Select(number => $"customer-{number}")];
        _clients = [.. Enumerable.Range(0, clients).Select(number =>
        {
            var client = new LoadClient($"{seed}-{number}", shop, this, new Random(seed + number));
            return Task.Run(() => client.RunAsync(_stop.Token, _abort.Token));
        })];
    }

    public Ledger Ledger { get; }

    public IReadOnlyList<string> Customers { get; }

    /// <summary>Set while the storage is known to be away: a request that is made and acknowledged meanwhile got a false receipt.</summary>
    public bool StorageIsAway
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Batches that were acknowledged.</summary>
    public Tally Answers { get; } = new();

    /// <summary>Batches that were refused for now: 503 or 429.</summary>
    public Tally Refusals { get; } = new();

    /// <summary>Batches whose fate the client did not learn, because the connection ended or because it gave up waiting.</summary>
    public Tally Losses { get; } = new();

    /// <summary>Waits for what the clients are to see. Fails when one of them saw something that must not be.</summary>
    public async Task UntilAsync(Task seen)
    {
        var first = await Task.WhenAny([seen, .. _clients]).WaitAsync(ServiceProcess.Patience);
        await first;
        await seen.WaitAsync(ServiceProcess.Patience);
    }

    /// <summary>No new batches; those that were sent are sent again until they are acknowledged. Then everything that was sent is in <see cref="Ledger"/>.</summary>
    public async Task FinishAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(ServiceProcess.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await Task.WhenAll(_clients).ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
        _abort.Dispose();
    }
}
