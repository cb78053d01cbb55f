using System.Text;
using CustomerSegmentation.Inference.Tests.Library;
using CustomerSegmentation.Inference.Text;

namespace CustomerSegmentation.Inference.Tests.Text;

/// <summary>The training toolkit tokenizes text itself; the same golden file is checked there.</summary>
public sealed class WordPieceGoldenTests
{
    [Fact]
    public void Texts_become_the_pieces_that_training_makes_of_them()
    {
        using var golden = TrainingFiles.ReadJson("golden", "word-pieces.json");
        var pieces = golden.RootElement.GetProperty("vocabulary").EnumerateArray().Select(p => p.GetString()!).ToList();
        var vocabulary = Vocabulary.Read("word-pieces.json", Encoding.UTF8.GetBytes(string.Join('\n', pieces)));
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, entry =>
        {
            var tokenizer = new WordPieceTokenizer(vocabulary, entry.GetProperty("lowerCase").GetBoolean(), entry.GetProperty("maxTokens").GetInt32());
            var tokens = tokenizer.Tokenize(entry.GetProperty("text").GetString()!);
            Assert.Equal(Pieces(entry.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())), Pieces(tokens));
        });

        string Pieces(IEnumerable<int> tokens) => string.Join(' ', tokens.Select(t => pieces[t]));
    }
}
