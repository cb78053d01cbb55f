namespace CustomerSegmentation.Engine.Telemetry;

/// <summary>An engine that can be watched.</summary>
public interface IEngineCounts
{
    /// <summary>The counts of this moment; cheap, and safe from any thread.</summary>
    EngineCounts Count();
}
