using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Storage.Sqlite;

internal static partial class StorageLog
{
    [LoggerMessage(4001, LogLevel.Error, "A commit group of {Appends} appends failed")]
    public static partial void CommitFailed(ILogger logger, Exception error, int appends);

    [LoggerMessage(4002, LogLevel.Information, "Commits succeed again")]
    public static partial void CommitRecovered(ILogger logger);

    [LoggerMessage(4003, LogLevel.Error, "A write failed")]
    public static partial void WriteFailed(ILogger logger, Exception error);

    [LoggerMessage(4004, LogLevel.Error, "The database could not be closed cleanly; the next start looks for what is stale")]
    public static partial void StopFailed(ILogger logger, Exception error);

    [LoggerMessage(4005, LogLevel.Information, "Opened {Path}, schema {Schema}, clean stop before: {Clean}")]
    public static partial void Opened(ILogger logger, string path, int schema, bool clean);

    [LoggerMessage(4007, LogLevel.Warning, "Copies of erased content may stay in unused parts of the database: with {Bytes} bytes it exceeds ScrubBytesMax, {BytesMax}. Raise that at a quiet hour")]
    public static partial void ScrubPutOff(ILogger logger, long bytes, long bytesMax);

    [LoggerMessage(4008, LogLevel.Warning, "The write-ahead log could not be copied into the database; it grows until that succeeds")]
    public static partial void LogNotCopied(ILogger logger, Exception error);

    [LoggerMessage(4006, LogLevel.Information, "Scrubbed erased content in {ElapsedMs} ms, complete: {Complete}")]
    public static partial void Scrubbed(ILogger logger, double elapsedMs, bool complete);
}
