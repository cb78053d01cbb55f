using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Counting;

/// <summary>
/// Count, sum and sum of squares: mean and sample standard deviation in any order of arrival. Sums of squares lose digits when the values hardly vary; a
/// variance below 10^-12 of the squared mean is rounding and counts as none.
/// </summary>
internal struct Moments
{
    public long Count;
    public double Sum;
    private double _squares;

    public readonly double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>sqrt((Σx² - n m²) / (n - 1)); 0 below two values.</summary>
    public readonly double StandardDeviation
    {
        get
        {
            if (Count < 2)
            {
                return 0;
            }

            var mean = Sum / Count;
            var spread = _squares - (Count * mean * mean);
            return spread > 1e-12 * _squares ? Math.Sqrt(spread / (Count - 1)) : 0;
        }
    }

    public void Add(double value)
    {
        Count++;
        Sum += value;
        _squares += value * value;
    }

    public readonly MomentsRecord? ToRecord() => Count == 0 ? null : new MomentsRecord { Count = Count, Sum = Sum, Squares = _squares };

    public static Moments FromRecord(MomentsRecord? record) =>
        record is null ? default : new Moments { Count = record.Count, Sum = record.Sum, _squares = record.Squares };
}
