namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Log messages of the host, ids 1000 to 1099.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1000, LogLevel.Information, "serving on {Url} with the data in {Place}")]
    public static partial void Serving(ILogger logger, string url, string place);

    [LoggerMessage(1001, LogLevel.Information, "stopping: new work is refused, what is under way is finished")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(1002, LogLevel.Information, "stopped after {ElapsedMs} ms")]
    public static partial void Stopped(ILogger logger, long elapsedMs);

    [LoggerMessage(1003, LogLevel.Warning, "no keys are asked for: everybody who reaches this address can read and steer")]
    public static partial void NoKeys(ILogger logger);

    [LoggerMessage(1005, LogLevel.Information, "{Events} events left the journal for their age")]
    public static partial void RetentionRemoved(ILogger logger, long events);

    [LoggerMessage(1006, LogLevel.Error, "old events could not be removed; it is tried again in an hour")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);

    [LoggerMessage(1007, LogLevel.Information, "no sequence model, so segments come from features alone: {Reason}")]
    public static partial void NoSequenceModel(ILogger logger, string reason);

    [LoggerMessage(1010, LogLevel.Information, "no text model, so reviews and messages are taken unread: {Reason}")]
    public static partial void NoTextModel(ILogger logger, string reason);

    [LoggerMessage(1004, LogLevel.Error, "an export broke off")]
    public static partial void ExportFailed(ILogger logger, Exception exception);

    [LoggerMessage(1011, LogLevel.Information, "a silo with the roles {Roles}: health on {Url}, data in {Place}")]
    public static partial void ServingHealth(ILogger logger, string roles, string url, string place);

    [LoggerMessage(1013, LogLevel.Information, "silo {Name} of the cluster {Cluster}, now of {Silos}")]
    public static partial void Joined(ILogger logger, string name, string cluster, int silos);

    [LoggerMessage(1012, LogLevel.Information, "leaving: not ready any more; requests are taken for another {Seconds} s")]
    public static partial void Leaving(ILogger logger, int seconds);
}
