using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.TestKit;
using CustomerSegmentation.Storage.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Engine.Embedded.Tests;

/// <summary>An engine on in-memory storage with a manual clock, and the events that tests send it.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly IEncoder? _encoder;
    private readonly ITextEncoder? _texts;

    private Shop(InMemoryStorage storage, HookedStorage hooks, EmbeddedEngine engine, ManualTime time, EngineOptions options, IEncoder? encoder,
        ITextEncoder? texts) =>
        (Storage, Hooks, Engine, Time, Options, _encoder, _texts) = (storage, hooks, engine, time, options, encoder, texts);

    public InMemoryStorage Storage { get; private set; }

    /// <summary>Stands between engine and storage, for faults.</summary>
    public HookedStorage Hooks { get; private set; }

    public EmbeddedEngine Engine { get; private set; }

    public ManualTime Time { get; }

    public EngineOptions Options { get; }

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<Shop> OpenAsync(EngineOptions? options = null, InMemoryStorageOptions? storage = null, IEncoder? encoder = null,
        ITextEncoder? texts = null)
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        options ??= new EngineOptions();
        var data = new InMemoryStorage(storage);
        var hooks = new HookedStorage(data);
        return new Shop(data, hooks, await StartAsync(hooks, options, time, encoder, texts), time, options, encoder, texts);
    }

    /// <summary>Loses the process: nothing is flushed, a new engine recovers from what the storage holds.</summary>
    public async Task CrashAsync()
    {
        Storage = Storage.Reopen();
        Hooks = new HookedStorage(Storage);
        Engine = await StartAsync(Hooks, Options, Time, _encoder, _texts);
    }

    /// <summary>Moves time on and lets the background work catch up.</summary>
    public async Task PassAsync(TimeSpan by)
    {
        Time.Advance(by);
        await Engine.RunRoundAsync();
    }

    /// <summary>What tests send, by this shop's clock.</summary>
    public ShopEvents Events => new(() => NowMs);

    public CustomerEvent View(string messageId, string category = "mugs", TimeSpan ago = default) => Events.View(messageId, category, ago);

    public CustomerEvent Order(string messageId, double amount, TimeSpan ago = default) => Events.Order(messageId, amount, ago);

    public CustomerEvent Identify(string messageId, string otherId) => Events.Identify(messageId, otherId);

    public CustomerEvent Alias(string messageId, string otherId) => Events.Alias(messageId, otherId);

    public CustomerEvent Event(
        string messageId, EventKind kind, TimeSpan ago = default, double? amount = null, IReadOnlyList<ProductLine>? products = null) =>
        Events.Event(messageId, kind, ago, amount, products);

    public CustomerEvent Review(string messageId, string? text, TimeSpan ago = default) =>
        Event(messageId, EventKind.ProductReviewed, ago) with { Text = text, Rating = 4 };

    public Task<TrackReceipt> TrackAsync(string customerId, params CustomerEvent[] events) =>
        Engine.Customer(customerId).TrackAsync(new TrackRequest { CustomerId = customerId, Events = events });

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private static Task<EmbeddedEngine> StartAsync(HookedStorage storage, EngineOptions options, ManualTime time, IEncoder? encoder, ITextEncoder? texts) =>
        EmbeddedEngine.StartAsync(storage, options, time, NullLoggerFactory.Instance, scheduler: null, encoder, texts);
}
