namespace CustomerSegmentation.SiloHost.Import;

/// <summary>A 64-bit hash of text that is the same in every process.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a over the UTF-16 code units, finished with the mixer of SplitMix64 (Steele, Lea, Flood 2014).</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
