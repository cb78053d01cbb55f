using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Storage.Postgres;

internal static partial class StorageLog
{
    [LoggerMessage(4101, LogLevel.Error, "A commit group of {Appends} appends failed")]
    public static partial void CommitFailed(ILogger logger, Exception error, int appends);

    [LoggerMessage(4102, LogLevel.Information, "Commits succeed again")]
    public static partial void CommitRecovered(ILogger logger);

    [LoggerMessage(4103, LogLevel.Error, "A write failed")]
    public static partial void WriteFailed(ILogger logger, Exception error);

    [LoggerMessage(4104, LogLevel.Error, "The writer could not leave cleanly; the next start looks for what is stale")]
    public static partial void StopFailed(ILogger logger, Exception error);

    [LoggerMessage(4105, LogLevel.Information, "Opened schema {Name} of {Database} at {Host}:{Port}, version {Version}, clean stop before: {Clean}")]
    public static partial void Opened(ILogger logger, string name, string? database, string? host, int port, int version, bool clean);

    [LoggerMessage(4106, LogLevel.Warning, "The connection was lost in a transaction; connecting again to learn how it ended")]
    public static partial void ConnectionLost(ILogger logger, Exception error);

    [LoggerMessage(4107, LogLevel.Information, "The transaction under way when the connection was lost was committed: {Committed}")]
    public static partial void OutcomeFound(ILogger logger, bool? committed);

    [LoggerMessage(4108, LogLevel.Warning, "PostgreSQL runs with fsync = off: what is acknowledged does not survive a crash of its machine")]
    public static partial void NoSync(ILogger logger);
}
