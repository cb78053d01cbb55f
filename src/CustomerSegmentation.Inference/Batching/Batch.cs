using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Requests of like length that run together. While it gathers, whoever sends a request is given a place by the queue and writes it there; then the batch belongs
/// to a lane, which runs it, and last to those who take the answers out. It is used again and again.
/// </summary>
/// <param name="rows">Where the requests are written, and the answers.</param>
/// <param name="lengthClass">Which lengths: see <see cref="BatchQueue.LengthClass"/>.</param>
internal sealed class Batch(SequenceRows rows, int lengthClass) : IDisposable
{
    private readonly EncoderRequest[] _requests = new EncoderRequest[rows.Count];
    private readonly CancellationToken[] _cancellations = new CancellationToken[rows.Count];
    private readonly bool[] _isWritten = new bool[rows.Count];
    private readonly string?[] _failures = new string?[rows.Count];

    /// <summary>Which lengths its requests have.</summary>
    public int LengthClass => lengthClass;

    /// <summary>Requests in it.</summary>
    public int Count { get; private set; }

    /// <summary>Those at its beginning that were to run; the others had been cancelled.</summary>
    public int Live { get; private set; }

    /// <summary>When the first of them came, as a timestamp.</summary>
    public long OldestStamp { get; private set; }

    public bool IsFull => Count == _requests.Length;

    public ReadOnlySpan<EncoderRequest> Requests => _requests.AsSpan(0, Count);

    /// <summary>Gives a request a place; <see cref="Write"/> is to follow soon. One thread at a time.</summary>
    public int Reserve(EncoderRequest request, long stamp)
    {
        OldestStamp = Count == 0 ? stamp : Math.Min(OldestStamp, stamp);
        _requests[Count] = request;
        _cancellations[Count] = request.CancellationToken;
        return Count++;
    }

    /// <summary>Writes a request in its place.</summary>
    public void Write(int place)
    {
        try
        {
            rows.Write(place, _requests[place]);
        }
        finally
        {
            Volatile.Write(ref _isWritten[place], true);
        }
    }

    /// <summary>Waits for whoever is still writing, which takes no longer than a copy, and sets requests apart that were cancelled meanwhile.</summary>
    public void Settle()
    {
        var spin = default(SpinWait);
        Live = Count;
        for (var i = 0; i < Count; i++)
        {
            while (!Volatile.Read(ref _isWritten[i]))
            {
                spin.SpinOnce();
            }
        }

        for (var i = 0; i < Live;)
        {
            if (_cancellations[i].IsCancellationRequested)
            {
                Live--;
                (_requests[i], _requests[Live]) = (_requests[Live], _requests[i]);
                _cancellations[i] = _cancellations[Live];
                rows.Move(Live, i);
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Runs the live requests together.</summary>
    /// <returns>Events that were read.</returns>
    public int Run() => rows.Run(Live);

    /// <summary>Runs one of them alone.</summary>
    /// <returns>Events that were read.</returns>
    public int RunAlone(int index) => rows.RunAlone(index, _requests[index]);

    /// <summary>Notes that a request has no answer.</summary>
    public void Fail(int index, string reason) => _failures[index] = reason;

    /// <summary>Hands the answer to the request.</summary>
    /// <returns>Why there is none; null when there is.</returns>
    public string? Read(int index) => _failures[index] ?? rows.Read(index, _requests[index]);

    public void Clear()
    {
        Array.Clear(_requests, 0, Count);
        Array.Clear(_cancellations, 0, Count);
        Array.Clear(_isWritten, 0, Count);
        Array.Clear(_failures, 0, Count);
        Count = 0;
    }

    public void Dispose() => rows.Dispose();
}
