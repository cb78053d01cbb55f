using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Rejections that an importer sends.</summary>
/// <param name="Items">1 to 1,000; ids and times are given by the service.</param>
internal sealed record RejectionBatch(IReadOnlyList<RejectionView>? Items);
