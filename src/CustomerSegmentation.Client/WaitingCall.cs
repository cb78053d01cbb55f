using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>A caller's requests of one customer, which wait for the call before them to end.</summary>
internal sealed class WaitingCall(TrackRequest[] requests, CallSize size)
{
    public TrackRequest[] Requests => requests;

    public CallSize Size => size;

    /// <summary>One for each request; its continuations keep nobody else waiting.</summary>
    public TaskCompletionSource<IReadOnlyList<TrackReceipt>> Receipts { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it went with; null while it waits. Read and written under the lane's lock.</summary>
    public GatheredCalls? Batch { get; set; }
}
