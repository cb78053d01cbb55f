using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Engine.Live;

namespace CustomerSegmentation.Engine.Telemetry;

/// <summary>Gathers the counts that both engines keep in the same places.</summary>
internal static class EngineCounter
{
    public static EngineCounts Of(RateMeter meter, ActivationDirectory directory, EncodingQueue encoding, EngineOptions options)
    {
        var (events, rejections, transitions) = meter.Totals;
        return new EngineCounts
        {
            Events = events,
            Rejections = rejections,
            Transitions = transitions,
            ActiveCustomers = directory.Count,
            ActiveBytes = directory.Bytes,
            ActiveBytesMax = options.ActiveBytesMax,
            WaitingForEncoder = encoding.Count,
        };
    }
}
