namespace CustomerSegmentation.Domain.Features.Sessions;

/// <summary>One visit: a run of events no more than the session gap apart.</summary>
internal struct Session
{
    public long StartMs;
    public long EndMs;
    public int Depth;
    public SessionFlags Flags;

    /// <summary>Takes in a session that overlaps or touches this one.</summary>
    public void Merge(in Session other)
    {
        StartMs = Math.Min(StartMs, other.StartMs);
        EndMs = Math.Max(EndMs, other.EndMs);
        Depth += other.Depth;
        Flags |= other.Flags;
    }
}
