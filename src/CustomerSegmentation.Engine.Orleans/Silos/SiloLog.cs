using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Log messages of silos, ids 2100 to 2119.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Silo {Silo} ended without leaving the cluster and nobody was left to notice: it is a member no more")]
    public static partial void Lost(ILogger logger, SiloAddress silo);
}
