using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Inference.Text;

/// <summary>The latest texts and their embeddings, within bounds on number and characters. Not safe for two threads at once.</summary>
internal sealed class RecentTexts(int textsMax)
{
    private const int CharactersMax = 1 << 20;

    private readonly Dictionary<string, TextEmbedding> _embeddings = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private int _characters;

    public TextEmbedding? Find(string text) => _embeddings.GetValueOrDefault(text);

    public void Add(string text, TextEmbedding embedding)
    {
        if (textsMax == 0 || !_embeddings.TryAdd(text, embedding))
        {
            return;
        }

        _order.Enqueue(text);
        _characters += text.Length;
        while (_order.Count > textsMax || _characters > CharactersMax)
        {
            var oldest = _order.Dequeue();
            _embeddings.Remove(oldest);
            _characters -= oldest.Length;
        }
    }
}
