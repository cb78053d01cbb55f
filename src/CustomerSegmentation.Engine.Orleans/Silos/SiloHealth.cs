using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Engine.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Whether this silo can do its work: it has joined, its storage answers, and somebody has customers.</summary>
internal sealed class SiloHealth(
    SiloCustomers silo, SiloDuties duties, SiloModelKeeper models, SiloRoster roster, ISiloStatusOracle status, TimeProvider timeProvider)
{
    /// <summary>The storage is asked once a second; so many seconds without an answer are no hiccup.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    private long _answeredAt = timeProvider.GetTimestamp();
    private volatile bool _hasCustomers;
    private volatile EncoderHealth? _reading;

    /// <summary>As of the last round. Asked for each request, so it costs next to nothing.</summary>
    public EngineHealth Now => StorageHealth.Of(silo.Storage.Journal, WhyNot(), _reading);

    /// <summary>The storage has answered.</summary>
    public void Answered() => Volatile.Write(ref _answeredAt, timeProvider.GetTimestamp());

    /// <summary>One round.</summary>
    public void Refresh()
    {
        _hasCustomers = duties.Customers || roster.Customers.Count > 0;
        _reading = duties.Customers ? new EncodingProgress().Of(silo.Encoder.Model, silo.Encoding.Status).ToHealth(models.Lacking) : null;
    }

    private string? WhyNot() => silo.IsStopping || status.CurrentStatus.IsTerminating() ? "the silo is stopping"
        : status.CurrentStatus != SiloStatus.Active ? "the silo has not joined the cluster yet"
        : timeProvider.GetElapsedTime(Volatile.Read(ref _answeredAt)) > SilenceMax ? "the storage does not answer"
        : duties.Shop && !_hasCustomers ? "no silo of the cluster has customers (role customers)"
        : null;
}
