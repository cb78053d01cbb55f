using CsvHelper;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>
/// One row a customer: <c>customer_id</c>, then every column of the feature schema, then those of the text model and of the sequence model where there are such.
/// Replays the events before a time through the same state that live customers have, and brings it to a reference time.
/// </summary>
/// <remarks>
/// Customers without an event before the time have no row, nor have ids whose history joined another customer: its events are that customer's.
/// </remarks>
internal sealed class FeatureTable(CsvWriter csv, long beforeMs, long referenceMs, TextColumns? texts, ModelColumns? model) : IJournalTable
{
    private readonly HistoryTokens _history = new();

    // Rows in their order; the first ones wait for the model.
    private readonly Queue<(string CustomerId, float[] Features, TextMean? Text, Task<EncoderRequest?> Reading)> _rows = new();
    private readonly Stack<float[]> _vectors = new();
    private CustomerState? _state;
    private bool _merged;

    public void WriteHeader() => csv.WriteRecord(["customer_id", .. FeatureSchema.Current.Columns.Select(column => column.Name), .. texts?.Names ?? [], .. model?.Names ?? []]);

    public async ValueTask<int> AddAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var rows = 0;
        if (_state?.CustomerId != record.CustomerId)
        {
            Close(cancellationToken);
            rows = await WriteAsync(model is null ? 0 : ModelColumns.InFlightMax, cancellationToken);
            _state = new CustomerState(record.CustomerId);
            _merged = false;
        }

        foreach (var e in EventCodec.Decode(record.Payload.Span))
        {
            _merged |= e.Kind == EventKind.MergedInto;
            if (e.TimestampMs < beforeMs)
            {
                _state.Apply(e);
                if (model is not null)
                {
                    _history.Add(e);
                }
            }
        }

        return rows;
    }

    public async ValueTask<int> FinishAsync(CancellationToken cancellationToken)
    {
        Close(cancellationToken);
        return await WriteAsync(0, cancellationToken);
    }

    /// <summary>Ends the customer at hand: its row waits to be written.</summary>
    private void Close(CancellationToken cancellationToken)
    {
        if (_state is { Features.Events: > 0 } state && !_merged)
        {
            var features = _vectors.TryPop(out var used) ? used : new float[FeatureSchema.Current.Count];
            state.Features.Materialize(referenceMs, features);
            var reading = model?.ReadAsync(state.CustomerId, _history, features, cancellationToken) ?? Task.FromResult<EncoderRequest?>(null);
            _rows.Enqueue((state.CustomerId, features, texts?.Read(state), reading));
        }

        _state = null;
        _history.Clear();
    }

    /// <summary>Writes the first rows until so many wait at most; how many were written.</summary>
    private async ValueTask<int> WriteAsync(int waitingMax, CancellationToken cancellationToken)
    {
        var written = 0;
        for (; _rows.Count > waitingMax; written++)
        {
            var (customerId, features, text, reading) = _rows.Dequeue();
            var answer = await reading;
            csv.WriteField(customerId);
            foreach (var value in features)
            {
                csv.WriteField(value, "R");
            }

            texts?.Write(csv, text);
            model?.Write(csv, answer);
            await csv.EndRecordAsync(cancellationToken);
            _vectors.Push(features);
        }

        return written;
    }
}
