namespace CustomerSegmentation.SiloHost.Export;

/// <summary>What to export.</summary>
/// <param name="Kind">Features or events.</param>
/// <param name="AsOf">Only events before this time count, and features are brought to it; null takes everything, up to the shop's clock.</param>
internal sealed record ExportRequest(ExportKind Kind, DateTimeOffset? AsOf);
