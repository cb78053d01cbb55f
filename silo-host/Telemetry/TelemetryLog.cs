namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>Log messages of telemetry, ids 1100 to 1119.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(1100, LogLevel.Debug, "the sizes of segments are left out of the metrics: {Reason}")]
    public static partial void NoSizes(ILogger logger, string reason);
}
