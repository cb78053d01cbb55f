using System.Text;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// Names clusters in the field's words. Every name of the vocabulary is scored against every cluster, and the names are given out so that the total fits best: the best
/// pairs first, then exchanges of two while they help. A segment that lives on keeps its name unless another one fits clearly better.
/// </summary>
public sealed class SegmentNaming
{
    private const int DistinguishingMax = 8;
    private const double EffectMin = 0.15;

    // How much better another name must fit to take the place of the one a segment already has.
    private const double FamiliarName = 1;

    private readonly IReadOnlyList<FeatureColumn> _columns;

    /// <param name="columns">The columns of the feature schema.</param>
    public SegmentNaming(IReadOnlyList<FeatureColumn> columns) => _columns = columns;

    /// <summary>Words for each profile, in order.</summary>
    /// <param name="profiles">One a cluster.</param>
    /// <param name="former">For each cluster the segment that it continues, or null.</param>
    /// <param name="keysGiven">Keys of all segments that ever were.</param>
    public IReadOnlyList<NamedSegment> Name(
        IReadOnlyList<SegmentProfile> profiles, IReadOnlyList<Segment?> former, IReadOnlyCollection<string> keysGiven)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(former);
        var facts = profiles.Select(profile => new SegmentFacts(_columns, profile)).ToArray();
        var words = Choose(facts, former);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var keys = new HashSet<string>(keysGiven, StringComparer.Ordinal);
        var named = new NamedSegment[profiles.Count];
        for (var i = 0; i < named.Length; i++)
        {
            var (word, repeats) = words[i];
            var name = repeats ? Unique(names, $"{word.Name}, {Peculiarity(profiles[i])}") : Unique(names, word.Name);
            var key = former[i]?.Key ?? Unique(keys, Slug(name), "-");
            named[i] = new NamedSegment(key, name, Describe(word, facts[i]), word.Advice);
        }

        return named;
    }

    /// <summary>The features of the segment space that set a cluster apart, strongest first, at most 8.</summary>
    public IReadOnlyList<DistinguishingFeature> Distinguish(SegmentProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return
        [
            .. _columns
                .Where(column => column.InSegmentSpace && Math.Abs(profile.Effects[column.Index]) >= EffectMin)
                .OrderByDescending(column => Math.Abs(profile.Effects[column.Index]))
                .Take(DistinguishingMax)
                .Select(column => new DistinguishingFeature
                {
                    Feature = column.Name,
                    Effect = profile.Effects[column.Index],
                    Typical = profile.Medians[column.Index],
                    Overall = profile.Overall[column.Index],
                    Unit = column.Unit,
                }),
        ];
    }

    private static (SegmentWord Word, bool Repeats)[] Choose(SegmentFacts[] facts, IReadOnlyList<Segment?> former)
    {
        var words = SegmentVocabulary.Words;
        var costs = new double[facts.Length, words.Count];
        for (var i = 0; i < facts.Length; i++)
        {
            for (var w = 0; w < words.Count; w++)
            {
                costs[i, w] = words[w].Cost(facts[i]) - (former[i]?.Name == words[w].Name ? FamiliarName : 0);
            }
        }

        var chosen = BestPairs(costs);
        Exchange(costs, chosen);
        var result = new (SegmentWord, bool)[facts.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var repeats = chosen[i] < 0;
            var word = repeats ? Enumerable.Range(0, words.Count).MinBy(w => costs[i, w]) : chosen[i];
            result[i] = (words[word], repeats);
        }

        return result;
    }

    private static int[] BestPairs(double[,] costs)
    {
        var (clusters, words) = (costs.GetLength(0), costs.GetLength(1));
        var chosen = new int[clusters];
        Array.Fill(chosen, -1);
        for (var round = 0; round < Math.Min(clusters, words); round++)
        {
            var best = (Cost: double.MaxValue, Cluster: -1, Word: -1);
            for (var i = 0; i < clusters; i++)
            {
                for (var w = 0; w < words && chosen[i] < 0; w++)
                {
                    best = costs[i, w] < best.Cost && !chosen.Contains(w) ? (costs[i, w], i, w) : best;
                }
            }

            chosen[best.Cluster] = best.Word;
        }

        return chosen;
    }

    private static void Exchange(double[,] costs, int[] chosen)
    {
        var improved = true;
        while (improved)
        {
            improved = false;
            for (var i = 0; i < chosen.Length; i++)
            {
                improved |= Improve(costs, chosen, i);
            }
        }
    }

    private static bool Improve(double[,] costs, int[] chosen, int i)
    {
        if (chosen[i] < 0)
        {
            return false;
        }

        for (var w = 0; w < costs.GetLength(1); w++)
        {
            var other = Array.IndexOf(chosen, w);
            var gain = other == i ? 0
                : other < 0 ? costs[i, chosen[i]] - costs[i, w]
                : costs[i, chosen[i]] + costs[other, w] - costs[i, w] - costs[other, chosen[i]];
            if (gain > 1e-9)
            {
                if (other >= 0)
                {
                    chosen[other] = chosen[i];
                }

                chosen[i] = w;
                return true;
            }
        }

        return false;
    }

    private static string Describe(SegmentWord word, SegmentFacts facts)
    {
        var profile = facts.Profile;
        var text = new StringBuilder();
        text.Append($"{FeatureWords.Percent(profile.Share)} of customers with {FeatureWords.Percent(profile.MonetaryShare)} of revenue: typically ");
        if (facts.Orders < 0.5)
        {
            text.Append($"no order, known for {FeatureWords.Value(facts.TenureDays, "days")}");
        }
        else
        {
            text.Append($"{FeatureWords.Value(facts.Orders, "orders")} worth {FeatureWords.Number(facts.Median("monetary"))} in all, ");
            text.Append($"the last one {FeatureWords.Value(Math.Round(facts.RecencyDays), "days")} ago");
        }

        text.Append(word.Name switch
        {
            "Bargain hunters" => $", {FeatureWords.Percent(facts.Median("discountedOrderShare"))} of the orders at a discount",
            "Returners" or "Returns only" => $", {FeatureWords.Percent(facts.Median("refundShare"))} of the money returned",
            "Wholesale buyers" or "Big spenders" or "Frequent small baskets" =>
                $", {FeatureWords.Number(facts.Median("averageOrderValue"))} an order",
            "Browsers" or "Passers-by" => $", {FeatureWords.Value(facts.Median("views"), "views")}",
            _ => "",
        });
        return text.Append('.').ToString();
    }

    private string Peculiarity(SegmentProfile profile)
    {
        var strongest = Distinguish(profile).FirstOrDefault();
        return strongest is null
            ? "average"
            : $"{(strongest.Effect > 0 ? "high" : "low")} {FeatureWords.Label(strongest.Feature, strongest.Unit)}";
    }

    private static string Unique(HashSet<string> taken, string wanted, string separator = " ")
    {
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
        {
            name = $"{wanted}{separator}{number}";
        }

        return name;
    }

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name.Replace("'", "", StringComparison.Ordinal))
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(char.ToLowerInvariant(letter));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
