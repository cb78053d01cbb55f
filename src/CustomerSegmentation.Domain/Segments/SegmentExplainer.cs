using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// Puts a choice of segment into features and words. The squared distance to a centroid is a sum over the columns, so the difference between runner-up and chosen
/// segment is one too: a column's weight is its part δ of it over Σ|δ|, so that all weights add up to 1 without their signs and stay readable when the difference is
/// small. The coordinates of an embedding are one item, named for what they say together, and so are those of texts. Where there is only one segment, the centre of everybody takes the place of the runner-up.
/// </summary>
internal static class SegmentExplainer
{
    private const int ContributionsMax = 8;
    private const int NamedMax = 3;

    // A feature that speaks less than this is not worth a word.
    private const double NamedWeightMin = 0.05;

    public static IReadOnlyList<FeatureContribution> Explain(
        Segmentation segmentation, ReadOnlySpan<float> features, SegmentChoice choice, out string text)
    {
        var space = segmentation.Space;
        var point = new float[space.Dimensions];
        space.Project(features, point);
        var own = segmentation.Segments[choice.Index];
        var other = choice.RunnerUp < 0 ? null : segmentation.Segments[choice.RunnerUp];
        var differences = new double[point.Length];
        var total = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            var toOwn = point[i] - own.Centroid.Span[i];
            var toOther = point[i] - (other is null ? 0 : other.Centroid.Span[i]);
            differences[i] = (toOther * toOther) - (toOwn * toOwn);
            total += Math.Abs(differences[i]);
        }

        var items = new List<(SegmentSpaceColumn Column, FeatureContribution Contribution)>();
        var learned = new Dictionary<string, (SegmentSpaceColumn Column, double Difference)>(StringComparer.Ordinal);
        for (var i = 0; i < point.Length; i++)
        {
            var column = space.Columns[i];
            if (EmbeddingColumns.Holds(column))
            {
                learned[column.Unit] = (column, learned.GetValueOrDefault(column.Unit).Difference + differences[i]);
                continue;
            }

            items.Add((column, new FeatureContribution
            {
                Feature = column.Feature,
                Value = features[column.Index],
                Typical = column.Median,
                Weight = total <= 0 ? 0 : differences[i] / total,
            }));
        }

        foreach (var (unit, (column, difference)) in learned)
        {
            items.Add((column, new FeatureContribution { Feature = unit, Weight = total <= 0 ? 0 : difference / total }));
        }

        var strongest = items.OrderByDescending(item => Math.Abs(item.Contribution.Weight)).Take(ContributionsMax).ToList();

        text = Text(own, other, strongest);
        return [.. strongest.Select(item => item.Contribution)];
    }

    private static string Text(Segment own, Segment? other, List<(SegmentSpaceColumn Column, FeatureContribution Contribution)> strongest)
    {
        var speaksFor = Phrases(strongest, item => item.Weight >= NamedWeightMin);
        var speaksAgainst = Phrases(strongest, item => item.Weight <= -NamedWeightMin);
        var place = other is null ? own.Name : $"{own.Name} rather than {other.Name}";
        var first = speaksFor.Length == 0 ? $"{place}, by a narrow margin." : $"{place} because of {speaksFor}.";
        return speaksAgainst.Length == 0 || other is null ? first : $"{first} {Capital(speaksAgainst)} would fit {other.Name} better.";
    }

    private static string Phrases(
        List<(SegmentSpaceColumn Column, FeatureContribution Contribution)> items, Func<FeatureContribution, bool> isMeant)
    {
        var phrases = items.Where(item => isMeant(item.Contribution)).Take(NamedMax).Select(item => Phrase(item.Column, item.Contribution)).ToArray();
        return phrases.Length <= 1 ? string.Concat(phrases) : $"{string.Join(", ", phrases[..^1])} and {phrases[^1]}";
    }

    private static string Phrase(SegmentSpaceColumn column, FeatureContribution contribution) => column.Unit switch
    {
        EmbeddingColumns.Unit => "a similar shopping sequence",
        EmbeddingColumns.TextUnit => "similar words in reviews and messages",
        _ => $"{FeatureWords.Label(column.Feature, column.Unit)} {FeatureWords.Measure(contribution.Value, column.Unit)} "
            + $"(typically {FeatureWords.Measure(contribution.Typical, column.Unit)})",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
