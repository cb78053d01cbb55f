using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine;

/// <summary>What the engine logs. Ids 2000 to 2099.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(2000, LogLevel.Warning, "A checkpoint of {Customers} customers failed and is tried again")]
    public static partial void CheckpointFailed(ILogger logger, int customers, Exception exception);

    [LoggerMessage(2001, LogLevel.Error, "The snapshot of customer {CustomerId} is damaged; recovering from the journal")]
    public static partial void CorruptSnapshot(ILogger logger, string customerId, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "The {Step} step of the background work failed and is tried again")]
    public static partial void BackgroundFailed(ILogger logger, string step, Exception exception);

    [LoggerMessage(2003, LogLevel.Warning, "Joining {OtherId} to {CustomerId} failed and is tried again")]
    public static partial void JoinFailed(ILogger logger, string otherId, string customerId, Exception exception);

    [LoggerMessage(2004, LogLevel.Information, "Recovered {Customers} customers whose profiles were behind their journals")]
    public static partial void RecoveredStale(ILogger logger, int customers);

    [LoggerMessage(2006, LogLevel.Warning, "A turn of customer {CustomerId} failed")]
    public static partial void TurnFailed(ILogger logger, string customerId, Exception exception);

    [LoggerMessage(2007, LogLevel.Warning, "{Customers} customers could not be refreshed and are tried again")]
    public static partial void RefreshFailed(ILogger logger, int customers, Exception? exception);

    [LoggerMessage(2008, LogLevel.Warning, "Customer {CustomerId} could not be given to the encoder; tried again later")]
    public static partial void EncodingFailed(ILogger logger, string customerId, Exception exception);

    [LoggerMessage(2009, LogLevel.Warning, "Embeddings wait: {Reason}. Events are taken; the encoder is asked again")]
    public static partial void EncodingPaused(ILogger logger, string reason);

    [LoggerMessage(2010, LogLevel.Information, "The encoder answers again")]
    public static partial void EncodingResumed(ILogger logger);

    [LoggerMessage(2005, LogLevel.Warning, "{Customers} changed customers were not written before the stop; they recover from the journal")]
    public static partial void StoppedDirty(ILogger logger, int customers);
}
