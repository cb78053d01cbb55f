using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(5101, LogLevel.Error, "A run of {Model} with {Requests} requests failed")]
    public static partial void RunFailed(ILogger logger, Exception exception, string model, int requests);

    [LoggerMessage(5102, LogLevel.Information, "Loaded {Model} from {File}")]
    public static partial void Loaded(ILogger logger, string model, string file);

    [LoggerMessage(5103, LogLevel.Warning, "Refused {File}: {Reason}")]
    public static partial void Refused(ILogger logger, string file, string reason);

    [LoggerMessage(5104, LogLevel.Information, "{Model} is active; before: {Before}")]
    public static partial void Activated(ILogger logger, string model, string before);

    [LoggerMessage(5105, LogLevel.Information, "{Model} runs as a shadow of {Active}")]
    public static partial void ShadowStarted(ILogger logger, string model, string active);

    [LoggerMessage(5106, LogLevel.Error, "A comparison with the shadow {Model} failed")]
    public static partial void ShadowFailed(ILogger logger, Exception exception, string model);
}
