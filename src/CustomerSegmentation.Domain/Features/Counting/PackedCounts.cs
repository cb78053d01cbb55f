using Google.Protobuf.Collections;

namespace CustomerSegmentation.Domain.Features.Counting;

/// <summary>Arrays of counters in a snapshot: zeros at the end are left out.</summary>
internal static class PackedCounts
{
    public static uint[] Trim(ReadOnlySpan<uint> counts) => counts[..(counts.LastIndexOfAnyExcept(0u) + 1)].ToArray();

    /// <exception cref="FormatException">There are more counters than this version knows.</exception>
    public static void Restore(RepeatedField<uint> record, Span<uint> counts)
    {
        if (record.Count > counts.Length)
        {
            throw new FormatException($"{record.Count} counters where {counts.Length} are known.");
        }

        for (var i = 0; i < record.Count; i++)
        {
            counts[i] = record[i];
        }
    }
}
