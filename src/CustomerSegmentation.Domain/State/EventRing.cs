namespace CustomerSegmentation.Domain.State;

/// <summary>The latest events of a customer by event time, as encoder tokens.</summary>
public sealed class EventRing
{
    /// <summary>Tokens that are kept.</summary>
    public const int Capacity = 32;

    public int Count { get; private set; }

    /// <summary>Tokens that did not come at the end: grows by one with each late event. An encoder that saw a lower number rebuilds from the ring.</summary>
    public long LateCount { get; private set; }

    /// <summary>A token by position, oldest first.</summary>
    public EncoderToken this[int index] => throw new NotImplementedException();

    public void Add(in EncoderToken token) => throw new NotImplementedException();
}
