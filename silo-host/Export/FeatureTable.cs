using CsvHelper;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>
/// One row a customer: <c>customer_id</c>, then every column of the feature schema. Replays the events before a time through the same state that live
/// customers have, and brings it to a reference time.
/// </summary>
/// <remarks>
/// Customers without an event before the time have no row, nor have ids whose history joined another customer: its events are that customer's.
/// </remarks>
internal sealed class FeatureTable(CsvWriter csv, long beforeMs, long referenceMs) : IJournalTable
{
    private readonly float[] _vector = new float[FeatureSchema.Current.Count];
    private CustomerState? _state;
    private bool _merged;

    public void WriteHeader() => csv.WriteRecord(["customer_id", .. FeatureSchema.Current.Columns.Select(column => column.Name)]);

    public async ValueTask<int> AddAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var rows = 0;
        if (_state?.CustomerId != record.CustomerId)
        {
            rows = await FinishAsync(cancellationToken);
            _state = new CustomerState(record.CustomerId);
            _merged = false;
        }

        foreach (var e in EventCodec.Decode(record.Payload.Span))
        {
            _merged |= e.Kind == EventKind.MergedInto;
            if (e.TimestampMs < beforeMs)
            {
                _state.Apply(e);
            }
        }

        return rows;
    }

    public async ValueTask<int> FinishAsync(CancellationToken cancellationToken)
    {
        if (_state is not { Features.Events: > 0 } state || _merged)
        {
            return 0;
        }

        state.Features.Materialize(referenceMs, _vector);
        csv.WriteField(state.CustomerId);
        foreach (var value in _vector)
        {
            csv.WriteField(value, "R");
        }

        await csv.EndRecordAsync(cancellationToken);
        _state = null;
        return 1;
    }
}
