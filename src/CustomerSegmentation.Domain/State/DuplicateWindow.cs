namespace CustomerSegmentation.Domain.State;

/// <summary>The latest message ids of a customer, as 64-bit hashes with their event times.</summary>
public sealed class DuplicateWindow
{
    /// <summary>Ids that are kept.</summary>
    public const int Capacity = 128;

    public int Count { get; private set; }

    /// <summary>Whether the id is among those kept.</summary>
    public bool Contains(string messageId) => throw new NotImplementedException();

    /// <summary>Keeps an id; the oldest leaves when the window is full.</summary>
    public void Add(string messageId, long timeMs) => throw new NotImplementedException();

    /// <summary>
    /// Whether an id of this event time may have left the window: then <see cref="Contains"/> saying false proves nothing, and the journal must be asked.
    /// </summary>
    public bool MayHaveForgotten(long timeMs) => throw new NotImplementedException();
}
