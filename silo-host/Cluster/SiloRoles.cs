namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>What a process does in a cluster.</summary>
[Flags]
internal enum SiloRoles
{
    None = 0,

    /// <summary>Has customers, segments and the live stream: takes events, places, writes the journal.</summary>
    Customers = 1,

    /// <summary>Runs sequence models for the customers of silos that do not.</summary>
    Inference = 2,

    /// <summary>Serves the HTTP interface and the page.</summary>
    Api = 4,

    /// <summary>May have the one coordinator, which plans re-clusterings and wakes who is due.</summary>
    Coordinator = 8,

    All = Customers | Inference | Api | Coordinator,
}
