using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Encoders;

/// <summary>
/// Wakes everybody whom the current model has not read: once after each start and after each change of the model, a part in each round. Profile rows say
/// which model read a customer, so a sweep that was broken off goes on where it was.
/// </summary>
internal sealed class EncodingSweep(
    Func<string, CancellationToken, ValueTask<bool>> wakeAsync, Func<Task<bool>> writeAllAsync, IEncoder encoder, IReadingQueues queues, IProfileIndex profiles,
    EncodingOptions options, TimeProvider timeProvider)
{
    private const int BatchSize = 256;

    /// <summary>Rows looked at in one round, so that other background work gets its turn.</summary>
    private const int LooksPerRound = 8_192;

    private static readonly int EventsColumn = FeatureSchema.Current.IndexOf("events");

    private IAsyncEnumerator<IReadOnlyList<ProfileRow>>? _scan;
    private IReadOnlyList<ProfileRow> _rows = [];
    private int _next;
    private string? _model;
    private long _lastRound;
    private double _allowed;
    private EncodingProgress _progress = new();

    /// <summary>How far the sweep is, and who waits.</summary>
    public EncodingProgress Progress => Volatile.Read(ref _progress).Of(encoder.Model, queues.Status);

    /// <summary>One part of the sweep; nothing when there is none to do.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        if (encoder.Model is not { } model)
        {
            // Also when the same model comes back: what came meanwhile has not been read.
            _model = null;
            return;
        }
        if (await queues.TakeOtherModelAsync(model.Id) || model.Id != _model)
        {
            await BeginAsync(model.Id, cancellationToken);
        }
        if (_scan is null)
        {
            return;
        }
        try
        {
            await WakeAsync(cancellationToken);
        }
        catch
        {
            // Begins anew in the next round; who was read meanwhile is passed by.
            await EndAsync();
            _model = null;
            throw;
        }
    }

    /// <summary>Leaves the storage's rows alone from now on.</summary>
    public async Task EndAsync()
    {
        if (_scan is { } scan)
        {
            _scan = null;
            await scan.DisposeAsync();
        }
        _rows = [];
        _next = 0;
        _progress = _progress with { IsSweeping = false };
    }

    private async Task BeginAsync(string model, CancellationToken cancellationToken)
    {
        await EndAsync();
        _model = null;

        // Whoever is written from now on is due if this model has not read it; whoever was written before must have a row to be found by.
        if (!await writeAllAsync())
        {
            return;
        }
        var totals = await profiles.GetTotalsAsync(cancellationToken);
        _scan = profiles.ScanAsync(BatchSize, cancellationToken).GetAsyncEnumerator(cancellationToken);
        _model = model;
        _allowed = 0;
        _lastRound = timeProvider.GetTimestamp();
        _progress = new EncodingProgress { IsSweeping = true, Customers = totals.Segments.Sum(s => s.Customers) };
    }

    /// <summary>Whoever has only told their traits has no event for the model. A vector of other columns leaves it open.</summary>
    private static bool HasSomethingToRead(ProfileRow row) =>
        row.SchemaHash != FeatureSchema.Current.Hash || row.Vector.Span[EventsColumn] > 0;

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetTimestamp();
        var perSecond = Math.Max(1, options.SweepPerSecondMax);
        _allowed = Math.Min(perSecond, _allowed + (perSecond * timeProvider.GetElapsedTime(_lastRound, now).TotalSeconds));
        _lastRound = now;
        var (looked, woken) = (0, 0);
        while (looked < LooksPerRound && _allowed >= 1 && queues.Fullest < (options.QueueMax + 1) / 2)
        {
            if (_next == _rows.Count)
            {
                if (!await _scan!.MoveNextAsync())
                {
                    await EndAsync();
                    break;
                }
                (_rows, _next) = (_scan.Current, 0);
            }
            var row = _rows[_next];
            if (row.EmbeddingModel != _model && HasSomethingToRead(row))
            {
                var awake = await wakeAsync(row.CustomerId, cancellationToken);
                if (encoder.Model?.Id != _model)
                {
                    // It was asked what another model needs: the next round begins anew.
                    _model = null;
                    break;
                }
                if (!awake)
                {
                    // No room in memory: the next round tries the same customer.
                    break;
                }
                _allowed--;
                woken++;
            }
            _next++;
            looked++;
        }
        _progress = _progress with { Looked = _progress.Looked + looked, Woken = _progress.Woken + woken };
    }
}
