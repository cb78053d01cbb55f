using System.Diagnostics;
using System.Diagnostics.Metrics;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.Telemetry;

/// <summary>What the journals of this process tell the outside, under the meter <see cref="MeterName"/>. A process writes one journal; several are added up.</summary>
public static class JournalMetrics
{
    private static readonly Meter Meter = new("CustomerSegmentation.Storage");
    private static readonly Counter<long> Appends =
        Meter.CreateCounter<long>("segmentation.journal.appends", "{append}", "Appends, by what became of them");

    private static readonly Histogram<int> GroupSize = Meter.CreateHistogram<int>("segmentation.journal.group.size", "{append}", "Appends in a commit group");
    private static readonly Histogram<double> CommitSeconds =
        Meter.CreateHistogram<double>("segmentation.journal.commit.duration", "s", "From when a commit group was taken until it was decided");

    private static readonly KeyValuePair<string, object?> Committed = new("outcome", nameof(JournalOutcome.Committed));
    private static readonly KeyValuePair<string, object?> Fenced = new("outcome", nameof(JournalOutcome.Fenced));
    private static readonly KeyValuePair<string, object?> Failed = new("outcome", nameof(JournalOutcome.Failed));
    private static readonly KeyValuePair<string, object?> Refused = new("outcome", nameof(AppendResult.Full));

    private static long _queued;
    private static long _queuedBytes;

    static JournalMetrics()
    {
        Meter.CreateObservableUpDownCounter(
            "segmentation.journal.queue.length", static () => Interlocked.Read(ref _queued), "{append}", "Appends that wait for their commit");
        Meter.CreateObservableUpDownCounter(
            "segmentation.journal.queue.size", static () => Interlocked.Read(ref _queuedBytes), "By", "Bytes of the appends that wait for their commit");
    }

    /// <summary>The name to listen to. Asking for it makes the instruments: queues show as empty before anything is appended.</summary>
    public static string MeterName => Meter.Name;

    internal static void Queued(int bytes)
    {
        Interlocked.Increment(ref _queued);
        Interlocked.Add(ref _queuedBytes, bytes);
    }

    internal static void NotTaken() => Appends.Add(1, Refused);

    /// <summary>Appends leave the queue together.</summary>
    internal static void Left(int count, long bytes)
    {
        Interlocked.Add(ref _queued, -count);
        Interlocked.Add(ref _queuedBytes, -bytes);
    }

    internal static void Succeeded(int count, int fenced, long takenAt)
    {
        GroupSize.Record(count);
        Appends.Add(count - fenced, Committed);
        if (fenced > 0)
        {
            Appends.Add(fenced, Fenced);
        }

        CommitSeconds.Record(Stopwatch.GetElapsedTime(takenAt).TotalSeconds, Committed);
    }

    /// <summary>Counts what failed with a group; the group itself was tried, what was queued behind it was not.</summary>
    internal static void FailedGroup(int count, long takenAt)
    {
        Appends.Add(count, Failed);
        CommitSeconds.Record(Stopwatch.GetElapsedTime(takenAt).TotalSeconds, Failed);
    }

    internal static void FailedBehind(int count) => Appends.Add(count, Failed);
}
