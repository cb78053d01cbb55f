namespace CustomerSegmentation.Storage.Profiles;

/// <summary>Customers by their keys, which are given one after the other: a range of n keys has at most n customers.</summary>
/// <param name="After">The key before the first.</param>
/// <param name="UpTo">The last key.</param>
public readonly record struct KeyRange(long After, long UpTo)
{
    /// <summary>Everybody.</summary>
    public static KeyRange All => new(0, long.MaxValue);

    /// <summary>Cuts everybody into ranges; the last one is open, for those who come meanwhile.</summary>
    /// <param name="lastKey">The highest key; 0 for none.</param>
    /// <param name="keysMax">Keys in a range at most, from 1.</param>
    public static IReadOnlyList<KeyRange> Cut(long lastKey, int keysMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lastKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(keysMax, 1);
        var count = (int)Math.Max(1, (lastKey + keysMax - 1) / keysMax);
        return [.. Enumerable.Range(0, count).Select(i => new KeyRange((long)i * keysMax, i == count - 1 ? long.MaxValue : (i + 1L) * keysMax))];
    }
}
