using CustomerSegmentation.Learning;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>
/// Points of shares, kept between the passes of one fit. What does not fit is not kept and read again in each pass; nothing is pushed out, since every pass asks for
/// everything once. Safe for concurrent use.
/// </summary>
internal sealed class PointCache(long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeyRange, Matrix> _points = [];
    private int _version;
    private long _bytes;

    public bool TryFind(int version, KeyRange share, out Matrix points)
    {
        lock (_gate)
        {
            points = default;
            return _version == version && _points.TryGetValue(share, out points);
        }
    }

    public void Keep(int version, KeyRange share, Matrix points)
    {
        lock (_gate)
        {
            if (_version != version)
            {
                Clear();
                _version = version;
            }

            var bytes = (long)points.Values.Length * sizeof(float);
            if (_bytes + bytes <= bytesMax && _points.TryAdd(share, points))
            {
                _bytes += bytes;
            }
        }
    }

    public void Forget(int version)
    {
        lock (_gate)
        {
            if (_version == version)
            {
                Clear();
            }
        }
    }

    private void Clear()
    {
        _points.Clear();
        (_version, _bytes) = (0, 0);
    }
}
