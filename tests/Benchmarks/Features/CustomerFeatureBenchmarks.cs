using System.Buffers;
using BenchmarkDotNet.Attributes;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Benchmarks.Features;

/// <summary>What one event costs a customer: features, whole state, journal record, vector, snapshot. The customer has a long history.</summary>
[MemoryDiagnoser]
public class CustomerFeatureBenchmarks
{
    private const long StartMs = 1_600_000_000_000;
    private const int Ring = 4096;
    private readonly CustomerEvent[] _views = new CustomerEvent[Ring];
    private readonly CustomerEvent[] _orders = new CustomerEvent[Ring];
    private readonly CustomerFeatures _features = new();
    private readonly CustomerState _state = new("customer-12345");
    private readonly float[] _vector = new float[FeatureSchema.Current.Count];
    private readonly ArrayBufferWriter<byte> _writer = new(4096);
    private byte[] _record = [];
    private byte[] _snapshot = [];
    private int _next;

    [GlobalSetup]
    public void MakeHistory()
    {
        for (var i = 0; i < Ring; i++)
        {
            _views[i] = Event(i, EventKind.ProductViewed, 1, null);
            _orders[i] = Event(i, EventKind.OrderCompleted, 3, 61.5);
        }

        for (var i = 0; i < 500; i++)
        {
            var e = i % 10 == 0 ? _orders[i] : _views[i];
            _features.Apply(e);
            _state.Apply(e);
        }

        _record = EventCodec.Encode(_orders, 0, 1);
        _snapshot = _state.ToBytes();
    }

    [Benchmark]
    public void ApplyView() => _features.Apply(_views[_next++ % Ring]);

    [Benchmark]
    public void ApplyOrderOfThreeLines() => _features.Apply(_orders[_next++ % Ring]);

    [Benchmark]
    public void ApplyViewToWholeState() => _state.Apply(_views[_next++ % Ring]);

    [Benchmark]
    public bool LookUpDuplicate() => _state.Duplicates.Contains("3f7c1c2e-6a0a-4a52-8d5c-2d8f3c1b9e77");

    [Benchmark]
    public void Materialize() => _features.Materialize(_features.LastSeenMs + 1, _vector);

    [Benchmark]
    public void AgeByADay() => FeatureSchema.Current.Age(_vector, 0, 86_400_000);

    [Benchmark]
    public byte[] EncodeView() => EventCodec.Encode(_views, 0, 1);

    [Benchmark(OperationsPerInvoke = 100)]
    public byte[] EncodeViewsByTheHundred() => EventCodec.Encode(_views, 0, 100);

    [Benchmark]
    public byte[] EncodeOrderOfThreeLines() => EventCodec.Encode(_orders, 0, 1);

    [Benchmark]
    public IReadOnlyList<CustomerEvent> DecodeOrderOfThreeLines() => EventCodec.Decode(_record);

    [Benchmark]
    public int WriteState()
    {
        _writer.ResetWrittenCount();
        _state.Write(_writer);
        return _writer.WrittenCount;
    }

    [Benchmark]
    public CustomerState ReadState() => CustomerState.Read(_snapshot);

    private static CustomerEvent Event(int i, EventKind kind, int lines, double? amount) => new()
    {
        MessageId = $"3f7c1c2e-6a0a-4a52-8d5c-{i:000000000000}",
        Kind = kind,
        TimestampMs = StartMs + (i * 977_003L),
        ReceivedMs = StartMs + (i * 977_003L) + 350,
        Channel = Channel.Web,
        Device = DeviceKind.Mobile,
        OrderId = amount is null ? null : $"order-{i}",
        Amount = amount,
        Currency = amount is null ? null : "EUR",
        SessionId = $"session-{i / 7}",
        Products =
        [
            .. Enumerable.Range(0, lines).Select(line => new ProductLine
            {
                ProductId = $"sku-{((i * 7) + line) % 200}",
                Name = "Desk lamp, brushed steel",
                Category = $"category-{(i + line) % 10}",
                Price = 20.5,
                Quantity = 1,
            }),
        ],
    };
}
