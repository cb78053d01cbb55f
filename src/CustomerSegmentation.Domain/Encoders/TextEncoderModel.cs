namespace CustomerSegmentation.Domain.Encoders;

/// <summary>What the users of a text model know of it.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="EmbeddingSize">Numbers in an embedding.</param>
public sealed record TextEncoderModel(string Id, int EmbeddingSize);
