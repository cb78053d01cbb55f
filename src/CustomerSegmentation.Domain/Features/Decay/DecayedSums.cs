using System.Runtime.CompilerServices;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Decay;

/// <summary>
/// Exponentially decayed counts and sums for half-lives of 1, 7, 30 and 90 days by forward decay (Cormode, Shkapenyuk, Srivastava, Xu 2009): an event of
/// weight w at time t adds w 2^((t - L) / H) to a sum kept relative to a landmark L, and the value at time T is that sum times 2^-((T - L) / H). Events add up in
/// any order, also late ones, and no event rescales what is there. The landmark moves in steps of 64 days with the latest event, which keeps sums in
/// the range of a float; what lies more than 126 half-lives before it vanishes.
/// </summary>
internal struct DecayedSums
{
    private const int SeriesCount = 8;
    private const int HalfLives = 4;
    private const long LandmarkStepMs = 64L * 86_400_000;
    private static readonly double[] HalfLifeDays = [1, 7, 30, 90];

    private long _landmarkMs;
    private bool _started;
    private Sums _sums;

    public static void Declare(ColumnList columns)
    {
        columns.Group("recent");
        Declare(columns, "orders", "orders", "Orders", spaceHalfLife: 90);
        Declare(columns, "spend", "currency", "Spend", spaceHalfLife: 0);
        Declare(columns, "refunds", "refunds", "Refunds and cancellations", spaceHalfLife: 0);
        Declare(columns, "views", "views", "Views of products, lists, pages and screens", spaceHalfLife: 30);
        Declare(columns, "searches", "searches", "Searches", spaceHalfLife: 30);
        Declare(columns, "carts", "events", "Cart and checkout events", spaceHalfLife: 30);
        Declare(columns, "wishlists", "events", "Products put on the wish list", spaceHalfLife: 0);
        Declare(columns, "engagements", "events", "Reviews, coupons and custom events", spaceHalfLife: 0);
    }

    /// <summary>The weights of an event at a time, after the landmark has followed it.</summary>
    public DecayWeights WeightsAt(long timeMs)
    {
        if (!_started)
        {
            _started = true;
            _landmarkMs = EventTime.FloorDiv(timeMs, LandmarkStepMs) * LandmarkStepMs;
        }
        else if (timeMs - _landmarkMs >= LandmarkStepMs)
        {
            MoveLandmark(timeMs);
        }

        return new DecayWeights(EventTime.Days(_landmarkMs, timeMs));
    }

    public void Add(DecaySeries series, double weight, in DecayWeights at)
    {
        var first = (int)series * HalfLives;
        _sums[first] += (float)(weight * at.Day);
        _sums[first + 1] += (float)(weight * at.Week);
        _sums[first + 2] += (float)(weight * at.Month);
        _sums[first + 3] += (float)(weight * at.Quarter);
    }

    public readonly void Materialize(long asOfMs, ref FeatureWriter writer)
    {
        var at = new DecayWeights(-EventTime.Days(_landmarkMs, asOfMs));
        for (var i = 0; i < SeriesCount * HalfLives; i += HalfLives)
        {
            writer.Add(Decayed.Flush(_sums[i] * at.Day));
            writer.Add(Decayed.Flush(_sums[i + 1] * at.Week));
            writer.Add(Decayed.Flush(_sums[i + 2] * at.Month));
            writer.Add(Decayed.Flush(_sums[i + 3] * at.Quarter));
        }
    }

    public readonly DecayRecord? ToRecord()
    {
        if (!_started)
        {
            return null;
        }

        var record = new DecayRecord { LandmarkMs = _landmarkMs };
        for (var series = 0; series < SeriesCount; series++)
        {
            // The longest half-life is the last to vanish.
            if (_sums[(series * HalfLives) + 3] != 0)
            {
                var sums = new DecaySeriesRecord { Series = (uint)series };
                for (var i = 0; i < HalfLives; i++)
                {
                    sums.Sums.Add(_sums[(series * HalfLives) + i]);
                }

                record.Series.Add(sums);
            }
        }

        return record;
    }

    /// <exception cref="FormatException">A series has not one sum for each half-life.</exception>
    public static DecayedSums FromRecord(DecayRecord? record)
    {
        var decayed = default(DecayedSums);
        if (record is null)
        {
            return decayed;
        }

        decayed._started = true;
        decayed._landmarkMs = record.LandmarkMs;
        foreach (var series in record.Series)
        {
            if (series.Series >= SeriesCount || series.Sums.Count != HalfLives)
            {
                throw new FormatException($"Decayed series {series.Series} has {series.Sums.Count} sums.");
            }

            for (var i = 0; i < HalfLives; i++)
            {
                decayed._sums[((int)series.Series * HalfLives) + i] = series.Sums[i];
            }
        }

        return decayed;
    }

    private static void Declare(ColumnList columns, string name, string unit, string what, double spaceHalfLife)
    {
        foreach (var days in HalfLifeDays)
        {
            var description = $"{what}, each counting half after {days} {(days == 1 ? "day" : "days")}, a quarter after twice that, and so on.";
            columns.Decayed($"{name}{days}d", unit, description, days, inSpace: days == spaceHalfLife);
        }
    }

    private void MoveLandmark(long timeMs)
    {
        var landmark = EventTime.FloorDiv(timeMs, LandmarkStepMs) * LandmarkStepMs;
        var shrink = new DecayWeights(-EventTime.Days(_landmarkMs, landmark));
        for (var i = 0; i < SeriesCount * HalfLives; i += HalfLives)
        {
            _sums[i] = (float)(_sums[i] * shrink.Day);
            _sums[i + 1] = (float)(_sums[i + 1] * shrink.Week);
            _sums[i + 2] = (float)(_sums[i + 2] * shrink.Month);
            _sums[i + 3] = (float)(_sums[i + 3] * shrink.Quarter);
        }

        _landmarkMs = landmark;
    }

    [InlineArray(SeriesCount * HalfLives)]
    private struct Sums
    {
        private float _first;
    }
}
