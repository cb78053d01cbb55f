namespace CustomerSegmentation.Api.Query;

/// <summary>An encoder model that the service can run.</summary>
/// <param name="Id">The model's name and version.</param>
/// <param name="SchemaHash">Hash of the feature schema that it was trained on.</param>
/// <param name="Active">Whether it embeds customers now.</param>
internal sealed record ModelBody(string Id, string SchemaHash, bool Active);
