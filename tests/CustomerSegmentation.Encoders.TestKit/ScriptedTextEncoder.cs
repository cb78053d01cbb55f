using System.Buffers.Binary;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Encoders.TestKit;

/// <summary>A text encoder without a library: what a text becomes follows from its characters and the model's name, computed on the caller's thread.</summary>
public sealed class ScriptedTextEncoder(string? version) : ITextEncoder
{
    /// <summary>Numbers in an embedding.</summary>
    public const int Size = 4;

    /// <inheritdoc/>
    public TextEncoderModel? Model { get; set; } = version is null ? null : ModelOf(version);

    /// <summary>Says whether a text is embedded; null embeds all.</summary>
    public Func<string, bool>? Script { get; set; }

    /// <summary>What callers wait for before they are answered.</summary>
    public Func<CancellationToken, Task>? Delay { get; set; }

    /// <summary>Texts that came.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>A model of this encoder.</summary>
    public static TextEncoderModel ModelOf(string version) => new($"words {version}", Size);

    /// <inheritdoc/>
    public async ValueTask EmbedAsync(IReadOnlyList<string> texts, TextEmbedding?[] into, CancellationToken cancellationToken = default)
    {
        Texts.AddRange(texts);
        if (Delay is not null)
        {
            await Delay(cancellationToken);
        }

        for (var i = 0; i < texts.Count && Model is { } model; i++)
        {
            into[i] = Script?.Invoke(texts[i]) == false ? null : Compute(model, texts[i]);
        }
    }

    /// <summary>The embedding of a text: the sum of a unit vector for each word, divided by their number.</summary>
    public static TextEmbedding Compute(TextEncoderModel model, string text)
    {
        var seed = model.Id.Sum(c => c);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var bytes = new byte[2 * Size];
        for (var i = 0; i < Size; i++)
        {
            var sum = words.Sum(word => MathF.Sin(seed + (17 * i) + word.Aggregate(7, (hash, c) => ((hash * 31) + c) % 10_007)));
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)(sum / Math.Max(1, words.Length)));
        }

        return new TextEmbedding { Model = model.Id, Numbers = bytes };
    }
}
