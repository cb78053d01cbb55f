namespace CustomerSegmentation.SiloHost.Models;

/// <summary>Reads pieces that come one after the other as one stream.</summary>
internal sealed class PieceStream(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces) : Stream
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces = pieces.GetAsyncEnumerator();
    private ReadOnlyMemory<byte> _left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left.IsEmpty)
        {
            if (!await _pieces.MoveNextAsync())
            {
                return 0;
            }

            _left = _pieces.Current;
        }

        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await _pieces.DisposeAsync();
        await base.DisposeAsync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
