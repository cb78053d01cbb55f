using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf.Collections;

namespace CustomerSegmentation.Domain.State;

/// <summary>The latest segment transitions, newest first, in 40 bytes each.</summary>
internal sealed class TransitionLog(int capacity)
{
    private Entry[] _entries = [];
    private int _count;

    public int EstimatedBytes => 40 + (_entries.Length == 0 ? 0 : 24 + (_entries.Length * 40));

    public void Add(SegmentTransition transition) => Add(new Entry
    {
        From = Share(transition.From),
        To = Share(transition.To),
        TimeMs = EventTime.Clamp(transition.Time.ToUnixTimeMilliseconds()),
        Version = transition.Version,
        Cause = NamePool.Share(transition.Cause),
    });

    public IReadOnlyList<SegmentTransition> ToList(string customerId)
    {
        var transitions = new SegmentTransition[_count];
        for (var i = 0; i < _count; i++)
        {
            ref readonly var entry = ref _entries[_count - 1 - i];
            transitions[i] = new SegmentTransition
            {
                CustomerId = customerId,
                From = entry.From,
                To = entry.To,
                Time = DateTimeOffset.FromUnixTimeMilliseconds(entry.TimeMs),
                Version = entry.Version,
                Cause = entry.Cause,
            };
        }

        return transitions;
    }

    public void Write(RepeatedField<TransitionRecord> record)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            ref readonly var entry = ref _entries[i];
            var written = new TransitionRecord { TimeMs = entry.TimeMs, Version = entry.Version, Cause = entry.Cause };
            if (entry.From is not null)
            {
                written.From = entry.From;
            }

            if (entry.To is not null)
            {
                written.To = entry.To;
            }

            record.Add(written);
        }
    }

    public void Read(RepeatedField<TransitionRecord> record)
    {
        for (var i = record.Count - 1; i >= 0; i--)
        {
            Add(new Entry
            {
                From = record[i].HasFrom ? NamePool.Share(record[i].From) : null,
                To = record[i].HasTo ? NamePool.Share(record[i].To) : null,
                TimeMs = EventTime.Clamp(record[i].TimeMs),
                Version = record[i].Version,
                Cause = NamePool.Share(record[i].Cause),
            });
        }
    }

    private void Add(in Entry entry)
    {
        if (_count == capacity)
        {
            Array.Copy(_entries, 1, _entries, 0, --_count);
        }
        else if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(capacity, Math.Max(2, _count * 2)));
        }

        _entries[_count++] = entry;
    }

    private static string? Share(string? segment) => segment is null ? null : NamePool.Share(segment);

    private struct Entry
    {
        public string? From;
        public string? To;
        public string Cause;
        public long TimeMs;
        public int Version;
    }
}
