using Google.Protobuf.Collections;

namespace CustomerSegmentation.Domain.Features.Purchases;

/// <summary>
/// The latest 16 of a set of times, ascending. Which 16 these are does not depend on the order of arrival, so neither do the moments of their gaps.
/// </summary>
internal struct LatestTimes
{
    private const int Capacity = 16;

    private long[]? _times;
    private int _count;

    public readonly int EstimatedBytes => _times is null ? 0 : 24 + (_times.Length * 8);

    public void Add(long timeMs)
    {
        if (_count == Capacity)
        {
            if (timeMs <= _times![0])
            {
                return;
            }

            Array.Copy(_times, 1, _times, 0, --_count);
        }
        else if (_times is null || _count == _times.Length)
        {
            Array.Resize(ref _times, Math.Max(2, _count * 2));
        }

        var place = _count;
        while (place > 0 && _times[place - 1] > timeMs)
        {
            _times[place] = _times[place - 1];
            place--;
        }

        _times[place] = timeMs;
        _count++;
    }

    /// <summary>Mean and sample standard deviation of the gaps in days; 0 where there are too few.</summary>
    public readonly (double Mean, double Deviation) GapDays()
    {
        var gaps = _count - 1;
        if (gaps < 1)
        {
            return (0, 0);
        }

        var mean = EventTime.Days(_times![0], _times[_count - 1]) / gaps;
        double squares = 0;
        for (var i = 1; i < _count; i++)
        {
            var off = EventTime.Days(_times[i - 1], _times[i]) - mean;
            squares += off * off;
        }

        return (mean, gaps < 2 ? 0 : Math.Sqrt(squares / (gaps - 1)));
    }

    public readonly void Write(RepeatedField<long> record)
    {
        long previous = 0;
        for (var i = 0; i < _count; i++)
        {
            record.Add(_times![i] - previous);
            previous = _times[i];
        }
    }

    /// <exception cref="FormatException">There are too many times, or they do not ascend.</exception>
    public static LatestTimes Read(RepeatedField<long> record)
    {
        var times = default(LatestTimes);
        if (record.Count > Capacity)
        {
            throw new FormatException($"{record.Count} order times where {Capacity} are kept.");
        }

        long time = 0;
        for (var i = 0; i < record.Count; i++)
        {
            if (i > 0 && record[i] < 0)
            {
                throw new FormatException("Order times do not ascend.");
            }

            time = unchecked(time + record[i]);
            times.Add(time);
        }

        return times;
    }
}
