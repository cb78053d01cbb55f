using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>What the coordinator needs from its engine.</summary>
public sealed class SegmentationPorts
{
    public required IProfileIndex Profiles { get; init; }

    /// <summary>Who is there now to read the profile index in shares: the same object for the same worker, at least one.</summary>
    public required Func<IReadOnlyList<IShareWorker>> Workers { get; init; }

    public required ISegmentationStore Segmentations { get; init; }

    public required IActiveSegmentation Active { get; init; }

    /// <summary>Wall clock and timers.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>
    /// The shop's time now, milliseconds since 1970-01-01 UTC: features are brought to it. It differs from the wall clock when an old shop is replayed.
    /// </summary>
    public required Func<long> ReferenceTimeMs { get; init; }

    /// <summary>The current sequence model; null while there is none.</summary>
    public Func<EncoderModel?> Encoder { get; init; } = static () => null;

    /// <summary>The current text model; null while there is none.</summary>
    public Func<TextEncoderModel?> TextEncoder { get; init; } = static () => null;

    /// <summary>Runs the long work of a re-clustering away from its caller. The work handles its own errors.</summary>
    public required Action<Func<Task>> RunInBackground { get; init; }

    /// <summary>Writes what live actors hold to the profile index; called before it is read and before the time is asked for, so that a re-clustering sees every receipt given before it.</summary>
    public Func<Task> BringUpToDate { get; init; } = static () => Task.CompletedTask;

    /// <summary>Takes progress; segments, lineage and moves are left out.</summary>
    public Action<SegmentationView> Publish { get; init; } = static _ => { };
}
