using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;
using CustomerSegmentation.Inference.Text;

namespace CustomerSegmentation.Inference.Tests.Text;

public sealed class TextEncoderTests
{
    private const int Size = 3;
    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "blue", "lamp", "red"];
    private static readonly string[] Texts = ["blue lamp", "", "red", "red red red red red red red red red", "what"];

    [OnnxTheory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Embedding_is_the_mean_over_the_tokens_of_a_text_whatever_shares_its_batch(bool isPooled, bool hasTypes)
    {
        using var folder = new ModelFolder();
        using var encoder = await OpenAsync(folder, new TextModel(Words.Length, Size).ToOnnx(isPooled, hasTypes));
        var embeddings = new float[Texts.Length * Size];
        encoder.Encode(Texts, embeddings);
        double[] means = [(2 + 4 + 5 + 3) / 4.0, 2.5, (2 + 6 + 3) / 3.0, (2 + (9 * 6) + 3) / 11.0, 2];
        for (var i = 0; i < Texts.Length; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                Assert.Equal(means[i] + (j / 10.0), embeddings[(i * Size) + j], 1e-4);
            }
        }
    }

    [OnnxFact]
    public async Task Texts_without_room_for_their_embeddings_are_refused()
    {
        using var folder = new ModelFolder();
        using var encoder = await OpenAsync(folder, new TextModel(Words.Length, Size).ToOnnx(true, false));
        Assert.Throws<ArgumentException>(() => encoder.Encode(Texts, new float[Size]));
        encoder.Encode([], []);
    }

    [OnnxFact]
    public async Task Graph_of_another_embedding_size_is_refused()
    {
        using var folder = new ModelFolder();
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => OpenAsync(folder, new TextModel(Words.Length, 5).ToOnnx(true, false)));
        Assert.Equal(("test-1.onnx", ModelFault.Shape), (error.File, error.Fault));
        Assert.Contains("embedding Float32 [?, 5]", error.Message);
    }

    [OnnxFact]
    public async Task Vocabulary_of_another_digest_is_refused()
    {
        using var folder = new ModelFolder();
        folder.AddText("1", new TextModel(Words.Length, Size).ToOnnx(true, false), Size, Words);
        await File.AppendAllTextAsync(Path.Combine(folder.Path, "test-1.txt"), "extra\n");
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => Loader(folder).OpenTextEncoderAsync("test-1.json"));
        Assert.Equal(("test-1.txt", ModelFault.Digest), (error.File, error.Fault));
    }

    private static ModelLoader Loader(ModelFolder folder) => new(TestLibrary.Runtime, folder.Source, new InferenceOptions { TextBatchMax = 2 });

    private static Task<TextEncoder> OpenAsync(ModelFolder folder, byte[] graph) => Loader(folder).OpenTextEncoderAsync(folder.AddText("1", graph, Size, Words));
}
