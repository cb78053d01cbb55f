using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Encoders;

/// <summary>Embeds nothing.</summary>
public sealed class NoTextEncoder : ITextEncoder
{
    /// <summary>The only one needed.</summary>
    public static NoTextEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public TextEncoderModel? Model => null;

    /// <inheritdoc/>
    public ValueTask EmbedAsync(IReadOnlyList<string> texts, TextEmbedding?[] into, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
