using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Text;

/// <summary>The text encoder that is shipped, in the real runtime, against what its network says in PyTorch.</summary>
public sealed class ShippedTextModelTests
{
    [OnnxFact]
    public async Task Golden_texts_get_the_embeddings_of_training_whatever_shares_their_batch()
    {
        using var golden = TrainingFiles.ReadJson("golden", "text-embeddings.json");
        var entries = golden.RootElement.EnumerateArray().ToList();
        var texts = entries.Select(e => e.GetProperty("text").GetString()!).ToList();
        var options = new InferenceOptions { TextBatchMax = 4 };
        var loader = new ModelLoader(TestLibrary.Runtime, new FolderModelSource(TrainingFiles.Path("models")), options);
        using var encoder = await loader.OpenTextEncoderAsync("text.json");
        var size = encoder.EmbeddingSize;
        var together = new float[texts.Count * size];
        encoder.Encode(texts, together);
        var alone = new float[size];
        for (var i = 0; i < texts.Count; i++)
        {
            var expected = entries[i].GetProperty("embedding").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            Assert.Equal(size, expected.Length);
            encoder.Encode([texts[i]], alone);
            for (var j = 0; j < size; j++)
            {
                Assert.Equal(expected[j], together[(i * size) + j], 1e-4);
                Assert.Equal(expected[j], alone[j], 1e-4);
            }
        }
    }
}
