using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerSegmentation.Domain.Features.Decay;

namespace CustomerSegmentation.Domain.Features;

/// <summary>The columns of the feature vector: names, units, aging, and a hash that a model's manifest names.</summary>
public sealed class FeatureSchema
{
    /// <summary>Raised when a column keeps its name and unit but is computed otherwise.</summary>
    private const int DefinitionsVersion = 1;

    private readonly FrozenDictionary<string, int> _indexes;
    private readonly int[] _growing;
    private readonly (double HalfLifeDays, int[] Columns)[] _decaying;

    private FeatureSchema(IReadOnlyList<FeatureColumn> columns)
    {
        Columns = columns;
        _indexes = columns.ToFrozenDictionary(c => c.Name, c => c.Index, StringComparer.Ordinal);
        _growing = [.. columns.Where(c => c.Aging == FeatureAging.GrowsByDays).Select(c => c.Index)];
        _decaying =
        [
            .. columns.Where(c => c.Aging == FeatureAging.Decays)
                .GroupBy(c => c.HalfLifeDays, (halfLife, group) => (halfLife, group.Select(c => c.Index).ToArray())),
        ];
        Hash = HashOf(columns);
    }

    /// <summary>The schema that <see cref="CustomerFeatures.Materialize"/> writes.</summary>
    public static FeatureSchema Current { get; } = new(CustomerFeatures.DeclareColumns());

    public IReadOnlyList<FeatureColumn> Columns { get; }

    public int Count => Columns.Count;

    /// <summary>16 hexadecimal digits from names, units, aging, half-lives and the version of the definitions: what makes two vectors comparable.</summary>
    public string Hash { get; }

    /// <summary>Position of a column by name, or -1.</summary>
    public int IndexOf(string name) => _indexes.TryGetValue(name, out var index) ? index : -1;

    /// <summary>
    /// Brings a vector from one reference time to a later one, in place, to within float rounding of what the state itself would give then. An earlier
    /// <paramref name="toMs"/> changes nothing. A vector of zeros (no events yet) is not a customer: its day counts would grow from 0.
    /// </summary>
    public void Age(Span<float> vector, long fromMs, long toMs)
    {
        var days = EventTime.Days(EventTime.Clamp(fromMs), EventTime.Clamp(toMs));
        if (days <= 0)
        {
            return;
        }

        foreach (var column in _growing)
        {
            vector[column] = (float)(vector[column] + days);
        }

        foreach (var (halfLifeDays, columns) in _decaying)
        {
            var left = Math.Pow(2, -days / halfLifeDays);
            foreach (var column in columns)
            {
                vector[column] = (float)Decayed.Flush(vector[column] * left);
            }
        }
    }

    private static string HashOf(IReadOnlyList<FeatureColumn> columns)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"definitions {DefinitionsVersion}\n");
        foreach (var c in columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"{c.Name} {c.Unit} {c.Aging} {c.HalfLifeDays}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
