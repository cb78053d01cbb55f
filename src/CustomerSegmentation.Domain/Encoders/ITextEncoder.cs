using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Encoders;

/// <summary>Turns texts into embeddings, within a limit of time. Safe for many callers at once.</summary>
public interface ITextEncoder
{
    /// <summary>The model that reads; null while there is none.</summary>
    TextEncoderModel? Model { get; }

    /// <summary>Embeds texts. Never throws: a text that is not embedded in time, or for any other reason, is left null.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="into">One place for each; filled when the task ends, and not touched after that.</param>
    /// <param name="cancellationToken">Ends the waiting; the task ends well all the same.</param>
    ValueTask EmbedAsync(IReadOnlyList<string> texts, TextEmbedding?[] into, CancellationToken cancellationToken = default);
}
