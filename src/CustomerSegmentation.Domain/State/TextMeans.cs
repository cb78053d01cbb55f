using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// What text models made of a customer's texts, one mean a model: a text is read once, by the model of its day, and a model's mean begins with the first text
/// that it read. What came in which order does not matter while there are at most <see cref="ModelsMax"/> models; beyond, the one of the oldest texts is
/// forgotten.
/// </summary>
public sealed class TextMeans
{
    /// <summary>Models that are remembered: a model that is taken back finds its mean again.</summary>
    public const int ModelsMax = 4;

    // By model, then by size.
    private readonly List<TextMean> _means = new(1);

    /// <summary>The mean of the model that read the text received last, of two at the same time the first by name; null while no text counts.</summary>
    public TextMean? Current { get; private set; }

    /// <summary>The mean of one model; null where it read no text.</summary>
    /// <param name="model">Name and version.</param>
    /// <param name="size">Numbers in its embeddings.</param>
    public TextMean? Of(string model, int size) => _means.Find(mean => mean.Model == model && mean.Size == size);

    internal int EstimatedBytes => 88 + (8 * _means.Capacity) + _means.Sum(mean => mean.EstimatedBytes);

    /// <summary>Takes a text's embedding. One that is empty or holds a number that is none changes nothing.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="receivedMs">When the text was received, milliseconds since 1970-01-01 UTC.</param>
    internal void Add(TextEmbedding embedding, long receivedMs)
    {
        if (TextMean.IsSound(embedding) && Find(embedding.Model, embedding.Numbers.Length / 2, receivedMs) is { } mean)
        {
            mean.Add(embedding.Numbers.Span, receivedMs);
            Current = _means.MaxBy(m => m.LastMs);
        }
    }

    internal void Write(ICollection<TextMeanRecord> records)
    {
        foreach (var mean in _means)
        {
            records.Add(mean.ToRecord());
        }
    }

    /// <exception cref="FormatException">A record is empty or counts nothing.</exception>
    internal static TextMeans? Read(IReadOnlyCollection<TextMeanRecord> records)
    {
        if (records.Count == 0)
        {
            return null;
        }

        var means = new TextMeans();
        means._means.AddRange(records.Select(TextMean.FromRecord));
        means.Current = means._means.MaxBy(m => m.LastMs);
        return means;
    }

    private TextMean? Find(string model, int size, long receivedMs)
    {
        var at = 0;
        for (; at < _means.Count; at++)
        {
            var order = string.CompareOrdinal(_means[at].Model, model);
            order = order != 0 ? order : _means[at].Size.CompareTo(size);
            if (order == 0)
            {
                return _means[at];
            }

            if (order > 0)
            {
                break;
            }
        }

        if (_means.Count == ModelsMax)
        {
            var oldest = _means.MinBy(m => m.LastMs)!;
            if (receivedMs <= oldest.LastMs)
            {
                return null;
            }

            var place = _means.IndexOf(oldest);
            _means.RemoveAt(place);
            at -= place < at ? 1 : 0;
        }

        var mean = new TextMean(model, size);
        _means.Insert(at, mean);
        return mean;
    }
}
