using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Encoders.TestKit;

/// <summary>
/// An encoder without a library: a small recurrence whose weights follow from the model's version, computed on the caller's thread. What it answers, and
/// when, is the test's to say.
/// </summary>
public sealed class ScriptedEncoder(EncoderModel? model) : IEncoder
{
    private readonly EncoderRequestPool _pool = new(keptMax: 16);
    private readonly Queue<EncoderRequest> _held = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource? _allReturned;
    private int _rented;
    private int _requests;

    /// <inheritdoc/>
    public EncoderModel? Model { get; set; } = model;

    /// <summary>Says how a request ends; null ends all as encoded.</summary>
    public Func<EncoderRequest, EncoderOutcome>? Script { get; set; }

    /// <summary>Whether requests wait for <see cref="ReleaseAsync"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>Whether answers hold a number that is none.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Requests that wait.</summary>
    public int Held => _held.Count;

    /// <summary>Requests that came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that were rented and not returned.</summary>
    public int Rented
    {
        get
        {
            lock (_gate)
            {
                return _rented;
            }
        }
    }

    /// <summary>A model of this encoder: a state of 8 numbers, an embedding of 4, one head of two classes.</summary>
    public static EncoderModel ModelOf(string version) =>
        new("scripted", version, stateSize: 8, embeddingSize: 4, FeatureSchema.Current.Count, [("value", ["lower", "higher"])]);

    /// <inheritdoc/>
    public EncoderRequest Rent(EncoderModel model, ulong customer)
    {
        lock (_gate)
        {
            _rented++;
        }

        return _pool.Rent(model, customer);
    }

    /// <inheritdoc/>
    public void Return(EncoderRequest request)
    {
        _pool.Return(request);
        lock (_gate)
        {
            if (--_rented == 0)
            {
                _allReturned?.TrySetResult();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _requests);
        var task = request.Start(cancellationToken);
        if (Holds)
        {
            lock (_gate)
            {
                _held.Enqueue(request);
            }
        }
        else
        {
            End(request);
        }

        return task;
    }

    /// <summary>Answers what waits, and holds no more. The task ends when whoever asked has dealt with the answers, on whatever thread that is.</summary>
    public Task ReleaseAsync()
    {
        Holds = false;
        lock (_gate)
        {
            _allReturned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_rented == 0)
            {
                _allReturned.SetResult();
            }
        }

        while (TakeHeld() is { } request)
        {
            End(request);
        }

        return _allReturned.Task;
    }

    /// <summary>Computes the answer into the request.</summary>
    public static void Compute(EncoderRequest request)
    {
        var model = request.Model;
        var state = request.StateOut;
        request.State.CopyTo(state);
        var seed = model.Version.Sum(c => c);
        for (var row = 0; row < request.EventCount; row++)
        {
            var columns = request.Events.Slice(row * TokenLayout.Columns, TokenLayout.Columns);
            for (var i = 0; i < state.Length; i++)
            {
                var sum = 0f;
                for (var column = 0; column < columns.Length; column++)
                {
                    sum += columns[column] * 0.1f * MathF.Sin(seed + (31 * i) + (7 * column));
                }

                state[i] = (0.8f * state[i]) + (0.2f * MathF.Tanh(sum));
            }
        }

        var norm = 1e-3f;
        for (var i = 0; i < request.Embedding.Length; i++)
        {
            norm += state[i] * state[i];
        }

        for (var i = 0; i < request.Embedding.Length; i++)
        {
            request.Embedding[i] = state[i] / MathF.Sqrt(norm);
        }

        var higher = 1 / (1 + MathF.Exp(-state[^1]));
        request.Probabilities[0] = 1 - higher;
        request.Probabilities[1] = higher;
    }

    private EncoderRequest? TakeHeld()
    {
        lock (_gate)
        {
            return _held.TryDequeue(out var request) ? request : null;
        }
    }

    private void End(EncoderRequest request)
    {
        if (request.CancellationToken.IsCancellationRequested)
        {
            request.Cancel();
            return;
        }

        var outcome = Script?.Invoke(request) ?? EncoderOutcome.Encoded;
        if (outcome == EncoderOutcome.Encoded)
        {
            Compute(request);
            if (IsBroken)
            {
                request.StateOut[0] = float.NaN;
            }
        }

        request.Complete(outcome);
    }
}
