using System.Globalization;

namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>One visitor of the simulated shop: a hidden type, tastes, and when the next session begins. Times are milliseconds since 1970-01-01 UTC.</summary>
internal sealed class Visitor
{
    public const double DayMs = 86_400_000;

    private const double LapseDays = 12;
    private const double OccasionDays = 38;
    private const double OccasionLengthDays = 6;

    private readonly double _occasionPhaseDays;
    private long _nextDriftMs;
    private long _lapseFromMs;

    public Visitor(int index, SimulationOptions options, int categoryCount)
    {
        Random = SimulationRandom.Stream(options.Seed, index);
        Id = string.Create(CultureInfo.InvariantCulture, $"c{index + 1:000000}");
        Type = Behaviour.All[Random.Weighted([.. Behaviour.All.Select(behaviour => behaviour.Share)])].Type;
        Liveliness = Math.Exp(Random.Normal(0, 0.3));
        Categories = [.. Enumerable.Range(0, 3).Select(_ => Random.Next(categoryCount))];
        _occasionPhaseDays = Random.Between(0, OccasionDays);
        var startMs = options.Start.ToUnixTimeMilliseconds();
        var historyMs = options.HistoryDays * DayMs;
        var lateness = Type == VisitorType.Newcomer ? Random.Between(Math.Max(0, 1 - (21 / Math.Max(21, options.HistoryDays))), 0.99) : Random.Between(0, 0.35);
        FirstMs = startMs + (long)(historyMs * lateness);
        SinceMs = FirstMs;
        _lapseFromMs = startMs + (long)(historyMs * Random.Between(0.35, 0.6));
        _nextDriftMs = DriftAfter(FirstMs);
        NextSessionMs = FirstMs;
    }

    public SimulationRandom Random { get; }
    public string Id { get; }
    public VisitorType Type { get; private set; }

    /// <summary>Since when the visitor is of this type.</summary>
    public long SinceMs { get; private set; }

    /// <summary>Factor on the type's session rate, around 1.</summary>
    public double Liveliness { get; }

    /// <summary>Preferred categories, most liked first.</summary>
    public int[] Categories { get; }

    public long FirstMs { get; }
    public long NextSessionMs { get; private set; }

    /// <summary>Sessions so far.</summary>
    public int Sessions { get; set; }

    /// <summary>Events so far: the running number in message ids.</summary>
    public int Events { get; set; }

    public int Orders { get; set; }

    public Behaviour Behaviour => Behaviour.All[(int)Type];

    /// <summary>Changes the type when its time has come, and draws the next session: a Poisson process thinned by season, day and hour.</summary>
    public void Advance(long nowMs)
    {
        if (nowMs >= _nextDriftMs && Behaviour.DriftsTo.Count > 0)
        {
            Type = Behaviour.DriftsTo[Random.Next(Behaviour.DriftsTo.Count)];
            SinceMs = nowMs;
            _lapseFromMs = nowMs;
            _nextDriftMs = DriftAfter(nowMs);
        }

        const double IntensityMax = 2.2;
        var boost = Type == VisitorType.GiftBuyer ? 40.0 : 1.0;
        var meanMs = DayMs / (Behaviour.SessionsPerDay * Liveliness * IntensityMax * boost);
        var timeMs = (double)nowMs;
        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            timeMs += Random.Exponential(meanMs);
            if (Random.Chance(Intensity(timeMs) / (IntensityMax * boost)))
            {
                break;
            }

            if (timeMs - nowMs > 3_650 * DayMs)
            {
                break;
            }
        }

        NextSessionMs = (long)timeMs;
    }

    /// <summary>Season, day of the week, hour of the day, and the type's own rhythm, as a factor on the session rate.</summary>
    private double Intensity(double timeMs)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds((long)timeMs);
        var season = time.Month is 11 or 12 ? 1.35 : time.Month is 7 or 8 ? 0.85 : 1.0;
        var day = time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.2 : 0.95;
        var hour = time.Hour is < 6 ? 0.15 : time.Hour is >= 18 and <= 22 ? 1.35 : 0.95;
        var own = Type switch
        {
            VisitorType.Lapsing => Math.Exp(-Math.Max(0, timeMs - _lapseFromMs) / (LapseDays * DayMs)),
            VisitorType.GiftBuyer => ((timeMs / DayMs) + _occasionPhaseDays) % OccasionDays < OccasionLengthDays ? 40 : 1,
            _ => 1,
        };
        return season * day * hour * own;
    }

    private long DriftAfter(long fromMs)
    {
        var days = Behaviour.DriftDays;
        return double.IsInfinity(days) ? long.MaxValue : fromMs + (long)(Random.Exponential(days) * DayMs);
    }
}
