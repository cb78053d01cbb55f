namespace CustomerSegmentation.SiloHost.Export;

/// <summary>What an export holds.</summary>
internal enum ExportKind : byte
{
    /// <summary>One row a customer: the id, every feature, and what the active sequence model says.</summary>
    Features,

    /// <summary>One row an event, in the order of each customer's history.</summary>
    Events,
}
