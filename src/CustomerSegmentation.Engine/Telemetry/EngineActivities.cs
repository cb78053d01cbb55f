using System.Diagnostics;

namespace CustomerSegmentation.Engine.Telemetry;

/// <summary>Spans of an engine. Without a listener they cost one comparison.</summary>
public static class EngineActivities
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "CustomerSegmentation.Engine";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A batch of events from its first turn until everything is committed or refused.</summary>
    /// <param name="requests">How many customers' requests are in the batch.</param>
    internal static Activity? StartTrack(int requests) => Source.StartActivity("track")?.SetTag("segmentation.requests", requests);

    /// <summary>A customer comes into memory: snapshot and journal after it. Who it is stays out of the span.</summary>
    internal static Activity? StartLoad() => Source.StartActivity("load customer");
}
