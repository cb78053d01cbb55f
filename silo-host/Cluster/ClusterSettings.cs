using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>How this process takes part in a cluster.</summary>
internal sealed class ClusterSettings
{
    [Required]
    [Description("Processes with the same name, schema and database form one cluster")]
    public string Name { get; set; } = "segmentation";

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

    [Range(1, 600)]
    [Description("Seconds that customers get to move to other silos when this one stops; less than the pod's grace period")]
    public int StopSeconds { get; set; } = 25;

    [Range(1, 600)]
    [Description("Seconds after which a call to a silo that does not answer fails")]
    public int ResponseSeconds { get; set; } = 10;
}
