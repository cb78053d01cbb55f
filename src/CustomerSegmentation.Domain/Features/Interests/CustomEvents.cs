using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Interests;

/// <summary>Custom events under their names, the eight most frequent.</summary>
internal struct CustomEvents
{
    private const int Capacity = 8;

    private FrequentNames _names;

    public readonly int EstimatedBytes => _names.EstimatedBytes;

    public void Count(string name) => _names.Add(name, 1, Capacity);

    public readonly IReadOnlyList<NamedCount> Top(int max) => _names.Heaviest(max).ConvertAll(n => new NamedCount(n.Name, (long)n.Weight));

    public readonly FrequentNamesRecord? ToRecord() => _names.ToRecord();

    public static CustomEvents FromRecord(FrequentNamesRecord? record) => new() { _names = FrequentNames.FromRecord(record, Capacity) };
}
