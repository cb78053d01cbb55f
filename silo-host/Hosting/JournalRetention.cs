using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Removes old events from the journal, in small steps, once an hour.</summary>
internal sealed class JournalRetention(IJournal journal, double days, TimeProvider time, ILogger logger)
{
    /// <summary>What is younger than the retention and this is not removed: an event that was just old enough to be taken may still be under way.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    private const int CustomersPerStep = 1_024;
    private static readonly TimeSpan PauseOfPass = TimeSpan.FromHours(1);
    private static readonly TimeSpan PauseOfStep = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await PassAsync(cancellationToken);
                await Task.Delay(PauseOfPass, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                HostLog.RetentionFailed(logger, e);
                await Task.Delay(PauseOfPass, time, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Goes over all customers once.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - TimeSpan.FromDays(days) - Margin).ToUnixTimeMilliseconds();
        var (events, key) = (0L, (long?)0);
        while (key is { } after)
        {
            var step = await journal.TrimAsync(new JournalTrim(before, after, CustomersPerStep) { Keeps = NamesAnotherId }, cancellationToken);
            events += step.Events;
            key = step.LastKey;
            if (step.Records > 0)
            {
                await Task.Delay(PauseOfStep, time, cancellationToken);
            }
        }

        if (events > 0)
        {
            HostLog.RetentionRemoved(logger, events);
        }
    }

    /// <summary>An erasure finds by these which other ids belong to the customer.</summary>
    private static bool NamesAnotherId(JournalRecord record) => EventCodec.Decode(record.Payload.Span).Any(e => e.OtherId is not null);
}
