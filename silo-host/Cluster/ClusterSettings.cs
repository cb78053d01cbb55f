using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>How this process takes part in a cluster.</summary>
internal sealed class ClusterSettings
{
    [Required]
    [Description("Processes with the same name, schema and database form one cluster")]
    public string Name { get; set; } = "segmentation";

    [Required]
    [Description(
        "What this process does, separated by commas: customers (has customers and takes their events), inference (runs sequence models for silos that do not), "
        + "api (serves the HTTP interface and the page; without it there is health alone), coordinator (plans re-clusterings); all for everything")]
    public string Roles { get; set; } = "all";

    [Description("Address by which the other silos reach this one; empty for the pod's (POD_IP), else this machine alone")]
    public string Address { get; set; } = "";

    [Description("Name of this silo in logs; empty for the pod's (POD_NAME), else machine and process")]
    public string Silo { get; set; } = "";

    [Range(0, 65_535)]
    [Description("Port for other silos; 0 takes one that is free")]
    public int SiloPort { get; set; }

    [Range(0, 65_535)]
    [Description("Port for clients; 0 takes one that is free")]
    public int GatewayPort { get; set; }

    [Range(0, 600)]
    [Description(
        "Seconds for which requests are still answered after SIGTERM while readiness says no already, so that load balancers turn to others first; together with "
        + "StopSeconds less than the pod's grace period")]
    public int DrainSeconds { get; set; }

    [Range(1, 600)]
    [Description("Seconds that requests get to finish and customers to move to other silos when this one stops, after DrainSeconds")]
    public int StopSeconds { get; set; } = 25;

    [Range(1, 600)]
    [Description("Seconds after which a call to a silo that does not answer fails")]
    public int ResponseSeconds { get; set; } = 10;

    [Range(0, 100)]
    [Description(
        "Percent of the memory that the process may use (its container's limit) at which customers leave memory, the idlest first, whatever ActiveCustomersMax and "
        + "ActiveBytesMax allow; 0 for never")]
    public int MemoryPercentMax { get; set; } = 85;

    [Range(1, 4_096)]
    [Description("Customers whose events go to an inference silo in one call, at most")]
    public int InferenceBatchMax { get; set; } = 256;

    [Range(0, 1_000)]
    [Description("Milliseconds that a customer's events wait at most for others that go to the same inference silo; a full batch leaves at once")]
    public double InferenceWaitMs { get; set; } = 2;

    [Range(1, 1_024)]
    [Description("Calls to one inference silo that may be under way at once")]
    public int InferenceCallsMax { get; set; } = 8;

    [Range(1, 1_000_000)]
    [Description("Customers that may wait to be sent to inference silos; more wait with their own silo")]
    public int InferenceQueueMax { get; set; } = 4_096;
}
