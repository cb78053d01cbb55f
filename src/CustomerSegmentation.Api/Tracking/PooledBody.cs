using System.Buffers;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>A request body in a pooled buffer whose size counts against the bytes in flight.</summary>
internal sealed class PooledBody(InFlightGate gate) : IDisposable
{
    private const int CapacityMin = 4 * 1024;
    private long _reserved;

    public byte[] Buffer { get; private set; } = [];

    public int Length { get; private set; }

    public Span<byte> Free => Buffer.AsSpan(Length);

    public void Advance(int bytes) => Length += bytes;

    /// <summary>Room for so many bytes in all; false when the bytes in flight are at their bound.</summary>
    public bool TryGrow(int capacity)
    {
        if (capacity <= Buffer.Length)
        {
            return true;
        }

        // Doubling keeps the copying linear; the pool gives powers of two anyway.
        capacity = Math.Max(Math.Max(capacity, CapacityMin), Buffer.Length * 2);
        if (!gate.TryReserve(capacity))
        {
            return false;
        }

        var grown = ArrayPool<byte>.Shared.Rent(capacity);
        Buffer.AsSpan(0, Length).CopyTo(grown);
        Return();
        Buffer = grown;
        _reserved = capacity;
        return true;
    }

    public void Dispose()
    {
        Return();
        Buffer = [];
        Length = 0;
    }

    private void Return()
    {
        if (Buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(Buffer);
            gate.Free(_reserved);
            _reserved = 0;
        }
    }
}
