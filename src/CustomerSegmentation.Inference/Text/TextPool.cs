using System.Buffers.Binary;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference.Text;

/// <summary>
/// Texts that wait for a text encoder, and the thread that has them read: in batches, the same text once, and within a limit of time, since whoever brought an
/// event waits for it. Whatever is not read in time is left out: events are taken without.
/// </summary>
public sealed class TextPool : ITextEncoder, IAsyncDisposable
{
    private readonly Action<IReadOnlyList<string>, float[]> _encode;
    private readonly IDisposable? _encoder;
    private readonly TextEncoderModel _model;
    private readonly InferenceOptions _options;
    private readonly TimeProvider _time;
    private readonly TextMetrics _metrics;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Queue<Item> _waiting = new();
    private readonly Dictionary<string, Item> _underWay = new(StringComparer.Ordinal);
    private readonly RecentTexts _recent;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _runStarted;
    private double _secondsPerText;
    private bool _closed;

    /// <param name="encoder">Belongs to the pool from now on.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock of the limits.</param>
    /// <param name="logger">Where failed runs are logged.</param>
    public TextPool(TextEncoder encoder, InferenceOptions options, TimeProvider time, ILogger logger)
        : this(
            new TextEncoderModel($"{encoder.Manifest.Name} {encoder.Manifest.Version}", encoder.EmbeddingSize),
            (texts, into) => encoder.Encode(texts, into), options, time, logger) => _encoder = encoder;

    internal TextPool(
        TextEncoderModel model, Action<IReadOnlyList<string>, float[]> encode, InferenceOptions options, TimeProvider time, ILogger logger)
    {
        (_model, _encode, _options, _time, _logger) = (model, encode, options, time, logger);
        _recent = new RecentTexts(options.TextsKeptMax);
        _metrics = new TextMetrics(() => _waiting.Count);
        new Thread(Work) { IsBackground = true, Name = $"texts {model.Id}" }.Start();
    }

    /// <inheritdoc/>
    public TextEncoderModel? Model => _closed ? null : _model;

    /// <summary>Texts that wait to be read.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Texts that were embedded, and those that were not, since the start.</summary>
    public (long Embedded, long LeftOut) Counts =>
        (CountOf(TextOutcome.Embedded) + CountOf(TextOutcome.Shared),
            CountOf(TextOutcome.Busy) + CountOf(TextOutcome.Late) + CountOf(TextOutcome.Refused) + CountOf(TextOutcome.Failed));

    /// <inheritdoc/>
    public ValueTask EmbedAsync(IReadOnlyList<string> texts, TextEmbedding?[] into, CancellationToken cancellationToken = default)
    {
        if (texts.Count == 0)
        {
            return ValueTask.CompletedTask;
        }

        var call = new TextCall(into, texts.Count);
        var batches = 1 + ((texts.Count - 1) / _options.TextBatchMax);
        lock (_gate)
        {
            for (var i = 0; i < texts.Count; i++)
            {
                Admit(call, i, texts[i], batches);
            }
        }

        return call.Task.IsCompleted ? ValueTask.CompletedTask : new ValueTask(WaitAsync(call, TimeSpan.FromMilliseconds(_options.TextWaitMs * batches), cancellationToken));
    }

    /// <summary>Ends what is under way; what waits is answered without. Closes the encoder.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        await _ended.Task;
        _encoder?.Dispose();
        _metrics.Dispose();
    }

    internal long CountOf(TextOutcome outcome) => _metrics.CountOf(outcome);

    private void Admit(TextCall call, int place, string text, int batches)
    {
        if (_recent.Find(text) is { } known)
        {
            Answer(call, place, known, TextOutcome.Shared);
        }
        else if (_underWay.TryGetValue(text, out var item))
        {
            item.Waiters.Add((call, place));
        }
        else if (_closed || _waiting.Count >= _options.TextQueueMax || IsTooLate(batches))
        {
            Answer(call, place, null, TextOutcome.Busy);
        }
        else
        {
            item = new Item(text, [(call, place)]);
            _underWay.Add(text, item);
            _waiting.Enqueue(item);
            if (_waiting.Count == 1 || _waiting.Count == _options.TextBatchMax)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Whether a text that came now could hardly be read in time: whoever brings it need not wait for that.</summary>
    private bool IsTooLate(int batches)
    {
        var limitSeconds = _options.TextWaitMs * batches / 1_000;
        var runningSeconds = _runStarted is { } started ? _time.GetElapsedTime(started).TotalSeconds : 0;
        return runningSeconds >= limitSeconds || _waiting.Count * _secondsPerText >= limitSeconds;
    }

    private async Task WaitAsync(TextCall call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = _time.CreateTimer(_ => Expire(call), null, limit, Timeout.InfiniteTimeSpan);
        using var cancellation = cancellationToken.UnsafeRegister(_ => Expire(call), null);
        await call.Task;
    }

    private void Expire(TextCall call)
    {
        lock (_gate)
        {
            _metrics.Ended(TextOutcome.Late, call.WaitingFor);
            call.Expire();
        }
    }

    private void Answer(TextCall call, int place, TextEmbedding? embedding, TextOutcome outcome)
    {
        if (!call.HasEnded)
        {
            _metrics.Ended(outcome, 1);
            call.Answer(place, embedding);
        }
    }

    private void Work()
    {
        var batch = new List<Item>(_options.TextBatchMax);
        while (Take(batch))
        {
            if (batch.Count == 0)
            {
                continue;
            }

            var results = Run(batch);
            lock (_gate)
            {
                var seconds = _time.GetElapsedTime(_runStarted!.Value).TotalSeconds;
                _secondsPerText = seconds / batch.Count;
                _metrics.Ran(seconds);
                _runStarted = null;
                for (var i = 0; i < batch.Count; i++)
                {
                    Deliver(batch[i], results[i].Embedding, results[i].Outcome);
                }
            }

            batch.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>Fills the batch with texts that somebody still waits for; a little wait brings company. False when the pool is closed.</summary>
    private bool Take(List<Item> batch)
    {
        lock (_gate)
        {
            while (!_closed && _waiting.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            if (!_closed && _waiting.Count < _options.TextBatchMax && _options.BatchWaitMs > 0)
            {
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(_options.BatchWaitMs));
            }

            while (batch.Count < _options.TextBatchMax && _waiting.TryDequeue(out var item))
            {
                if (_closed)
                {
                    Deliver(item, null, TextOutcome.Busy);
                }
                else if (item.Waiters.Exists(w => !w.Call.HasEnded))
                {
                    batch.Add(item);
                }
                else
                {
                    _underWay.Remove(item.Text);
                }
            }

            _runStarted = batch.Count > 0 ? _time.GetTimestamp() : null;
            return batch.Count > 0 || !_closed || _waiting.Count > 0;
        }
    }

    private (TextEmbedding? Embedding, TextOutcome Outcome)[] Run(List<Item> batch)
    {
        var results = new (TextEmbedding?, TextOutcome)[batch.Count];
        if (!TryRun(batch, 0, batch.Count, results) && batch.Count > 1)
        {
            // One text must not take the others with it.
            for (var i = 0; i < batch.Count; i++)
            {
                TryRun(batch, i, 1, results);
            }
        }

        return results;
    }

    private bool TryRun(List<Item> batch, int from, int count, (TextEmbedding?, TextOutcome)[] results)
    {
        try
        {
            var embeddings = new float[count * _model.EmbeddingSize];
            _encode([.. batch.Skip(from).Take(count).Select(item => item.Text)], embeddings);
            for (var i = 0; i < count; i++)
            {
                results[from + i] = Round(embeddings.AsSpan(i * _model.EmbeddingSize, _model.EmbeddingSize)) is { } numbers
                    ? (new TextEmbedding { Model = _model.Id, Numbers = numbers }, TextOutcome.Embedded)
                    : (null, TextOutcome.Refused);
            }

            return true;
        }
        catch (Exception e)
        {
            // Whatever a run throws, the thread lives on: other texts are other inputs.
            InferenceLog.RunFailed(_logger, e, _model.Id, count);
            results.AsSpan(from, count).Fill((null, TextOutcome.Failed));
            return false;
        }
    }

    private void Deliver(Item item, TextEmbedding? embedding, TextOutcome outcome)
    {
        _underWay.Remove(item.Text);
        if (embedding is not null)
        {
            _recent.Add(item.Text, embedding);
        }

        for (var i = 0; i < item.Waiters.Count; i++)
        {
            Answer(item.Waiters[i].Call, item.Waiters[i].Place, embedding, i > 0 && embedding is not null ? TextOutcome.Shared : outcome);
        }
    }

    private static byte[]? Round(ReadOnlySpan<float> embedding)
    {
        var bytes = new byte[2 * embedding.Length];
        for (var i = 0; i < embedding.Length; i++)
        {
            var number = (Half)embedding[i];
            if (!Half.IsFinite(number))
            {
                return null;
            }

            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), number);
        }

        return bytes;
    }

    private sealed record Item(string Text, List<(TextCall Call, int Place)> Waiters);
}
