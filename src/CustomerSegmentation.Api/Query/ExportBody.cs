using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Api.Query;

/// <summary>The document of an export, as <see cref="ExportResult"/> streams it.</summary>
/// <param name="Id">The id that was asked for.</param>
/// <param name="ExportedAt">The moment that the document shows.</param>
/// <param name="Ids">The customer first, then ids whose histories joined.</param>
/// <param name="Events">Every event that is kept, by id and in the order of their numbers.</param>
/// <param name="Rejections">What was refused under one of the ids, newest first.</param>
/// <param name="Counts">What the document holds.</param>
/// <param name="Complete">False when events were erased while the document was written.</param>
internal sealed record ExportBody(
    string Id,
    DateTimeOffset ExportedAt,
    IReadOnlyList<ExportedId> Ids,
    IReadOnlyList<ExportedEvent> Events,
    IReadOnlyList<RejectionView> Rejections,
    ExportCounts Counts,
    bool Complete);
