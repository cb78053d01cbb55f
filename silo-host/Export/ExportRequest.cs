using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>What to export.</summary>
/// <param name="Kind">Features or events.</param>
/// <param name="AsOf">Only events before this time count, and features are brought to it; null takes everything, up to the shop's clock.</param>
/// <param name="From">Only events from this time on are written; null for all. Features have no beginning.</param>
/// <param name="FeaturesOnly">Leaves the columns of the models out, also where there are some.</param>
internal sealed record ExportRequest(ExportKind Kind, DateTimeOffset? AsOf, DateTimeOffset? From = null, bool FeaturesOnly = false)
{
    /// <summary>The event times that count.</summary>
    public JournalRange Range => new(From?.ToUnixTimeMilliseconds() ?? long.MinValue, AsOf?.ToUnixTimeMilliseconds() ?? long.MaxValue);
}
