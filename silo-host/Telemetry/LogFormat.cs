namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>How a line of the log looks.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line, with the ids of the trace: for what collects the logs of containers.</summary>
    Json,
}
