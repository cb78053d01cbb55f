using System.Text;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Text;

namespace CustomerSegmentation.Inference.Tests.Text;

public sealed class WordPieceTests
{
    private static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "want", "##want", "##ed", "runn", "##ing", ",", "cafe", "日", "a", "##a", "ᄒ", "##ᅡ", "##ᆫ"];

    private static readonly Vocabulary Words = Read(Pieces);

    [Theory]
    [InlineData("unaffable", "un ##aff ##able")]
    [InlineData("UNwanted,running", "un ##want ##ed , runn ##ing")]
    [InlineData(" \t Café\u00a0cafe\u0301\n", "cafe cafe")]
    [InlineData("want\u0000ed\u200b wa\u0007nt", "want ##ed want")]
    [InlineData("a日日a", "a 日 日 a")]
    [InlineData("unwantedX running", "[UNK] runn ##ing")]
    [InlineData("한", "ᄒ ##ᅡ ##ᆫ")]
    [InlineData("\ud83d x", "[UNK]")]
    [InlineData("", "")]
    public void Text_becomes_the_longest_pieces_from_the_left(string text, string expected)
    {
        var tokens = new WordPieceTokenizer(Words, lowerCase: true, 64).Tokenize(text);
        var pieces = tokens.Select(t => Pieces[t]).ToList();
        Assert.Equal(("[CLS]", "[SEP]"), (pieces[0], pieces[^1]));
        Assert.Equal(expected, string.Join(' ', pieces[1..^1]));
    }

    [Fact]
    public void Word_of_a_hundred_characters_is_read_and_a_longer_one_is_unknown()
    {
        var tokenizer = new WordPieceTokenizer(Words, lowerCase: true, 500);
        Assert.Equal(102, tokenizer.Tokenize(new string('a', 100)).Count);
        Assert.Equal([2, 1, 3], tokenizer.Tokenize(new string('a', 101)));
    }

    [Fact]
    public void Text_beyond_the_longest_sequence_is_cut_before_the_end_piece()
    {
        var tokenizer = new WordPieceTokenizer(Words, lowerCase: true, 6);
        Assert.Equal([2, 4, 5, 6, 7, 3], tokenizer.Tokenize("unaffable wanted a a a"));
        Assert.Equal([2, 15, 15, 15, 15, 3], tokenizer.Tokenize("a a a a a a a"));
    }

    [Fact]
    public void Cased_models_keep_case_and_accents()
    {
        var vocabulary = Read(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "Café"]);
        Assert.Equal([2, 4, 1, 3], new WordPieceTokenizer(vocabulary, lowerCase: false, 8).Tokenize("Café cafe"));
    }

    [Fact]
    public void Ascii_symbols_are_words_of_their_own()
    {
        var vocabulary = Read(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "$", "+", "~", "a", "»", "。"]);
        Assert.Equal([2, 4, 7, 5, 7, 6, 8, 9, 3], new WordPieceTokenizer(vocabulary, lowerCase: true, 16).Tokenize("$a+a~»。"));
    }

    [Fact]
    public void Vocabulary_without_a_special_piece_is_refused_by_its_name()
    {
        var error = Assert.Throws<ModelRefusedException>(() => Read(["[PAD]", "[UNK]", "[CLS]"]));
        Assert.Equal("words.txt", error.File);
        Assert.Contains("[SEP]", error.Message);
    }

    [Fact]
    public void Lines_that_end_as_on_windows_are_read_and_blank_lines_keep_their_number()
    {
        var vocabulary = Vocabulary.Read("words.txt", "\uFEFF[PAD]\r\n\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nmug\r\n"u8);
        Assert.Equal(5, vocabulary.Find("mug", false));
        Assert.Equal(-1, vocabulary.Find("mug", true));
    }

    private static Vocabulary Read(IEnumerable<string> pieces) => Vocabulary.Read("words.txt", Encoding.UTF8.GetBytes(string.Join('\n', pieces)));
}
