using System.Runtime.CompilerServices;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Rhythm;

/// <summary>At which hours of the day and on which days of the week the customer is there, in UTC: events carry no time zone.</summary>
internal struct DailyRhythm
{
    private const int Hours = 24;
    private const int HoursPerBlock = 4;
    private const int Weekdays = 7;
    private static readonly string[] WeekdayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    private HourCounts _hours;
    private WeekdayCounts _weekdays;

    public static void Declare(ColumnList columns)
    {
        columns.Group("rhythm");
        for (var hour = 0; hour < Hours; hour += HoursPerBlock)
        {
            var end = hour + HoursPerBlock;
            columns.Share($"hours{hour:00}To{end:00}Share", $"Share of events from {hour}:00 to {end}:00 UTC.");
        }

        foreach (var day in WeekdayNames)
        {
            columns.Share($"{day}Share", $"Share of events on a {char.ToUpperInvariant(day[0])}{day[1..]}, UTC.");
        }
    }

    public void Add(long timeMs)
    {
        _hours[EventTime.Hour(timeMs)]++;
        _weekdays[EventTime.Weekday(timeMs)]++;
    }

    /// <summary>Events by hour of the day, 24 counts.</summary>
    public readonly void CopyHours(Span<uint> counts) => ((ReadOnlySpan<uint>)_hours).CopyTo(counts);

    public readonly void Materialize(ref FeatureWriter writer)
    {
        long events = 0;
        foreach (var day in _weekdays)
        {
            events += day;
        }

        for (var hour = 0; hour < Hours; hour += HoursPerBlock)
        {
            long block = 0;
            for (var i = hour; i < hour + HoursPerBlock; i++)
            {
                block += _hours[i];
            }

            writer.AddRatio(block, events);
        }

        foreach (var day in _weekdays)
        {
            writer.AddRatio(day, events);
        }
    }

    public readonly RhythmRecord? ToRecord()
    {
        var record = new RhythmRecord();
        record.Hours.Add(PackedCounts.Trim(_hours));
        record.Weekdays.Add(PackedCounts.Trim(_weekdays));
        return record.Weekdays.Count == 0 ? null : record;
    }

    public static DailyRhythm FromRecord(RhythmRecord? record)
    {
        var rhythm = default(DailyRhythm);
        if (record is not null)
        {
            PackedCounts.Restore(record.Hours, rhythm._hours);
            PackedCounts.Restore(record.Weekdays, rhythm._weekdays);
        }

        return rhythm;
    }

    [InlineArray(Hours)]
    private struct HourCounts
    {
        private uint _first;
    }

    [InlineArray(Weekdays)]
    private struct WeekdayCounts
    {
        private uint _first;
    }
}
