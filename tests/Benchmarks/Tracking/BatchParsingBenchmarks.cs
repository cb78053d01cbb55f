using BenchmarkDotNet.Attributes;
using CustomerSegmentation.Api;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Api.Tracking.Parsing;
using CustomerSegmentation.Benchmarks.Ingestion;

namespace CustomerSegmentation.Benchmarks.Tracking;

/// <summary>From the bytes of a batch to the requests for the engine. Each figure is for one event of a batch of 100.</summary>
[MemoryDiagnoser]
public class BatchParsingBenchmarks
{
    private const int Events = 100;
    private const int Customers = 10_000;
    private readonly TrackLimits _limits = TrackLimits.Ordinary(new ApiOptions());
    private readonly TrackParser _parser = new();
    private readonly Random _random = new(1);
    private readonly DateTimeOffset _time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private BatchBody _body = null!;
    private long _message;

    [GlobalSetup]
    public void Setup() => _body = BatchBody.Create(Events, _time, _random);

    /// <summary>The tokens alone: what no parser on this reader can be faster than.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public int ReadTokens()
    {
        var reader = new System.Text.Json.Utf8JsonReader(_body.Bytes);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Parse()
    {
        // Fresh ids, as live traffic has them: nothing comes from the cache of known strings that would not there.
        _body.Renew(_message, Customers, _random);
        _message += Events;
        if (_parser.Parse(_body.Bytes, _body.Bytes.Length, TrackingCall.Batch, _limits) is { } fault)
        {
            throw new InvalidOperationException(fault.Message);
        }

        var parsed = _parser.Build(_time.ToUnixTimeMilliseconds());
        _parser.Release();
        return parsed.Positions.Length;
    }
}
