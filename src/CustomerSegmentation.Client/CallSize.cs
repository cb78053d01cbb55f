using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>How much a call brings.</summary>
/// <param name="Events">Events.</param>
/// <param name="Bytes">Roughly what they are in memory.</param>
internal readonly record struct CallSize(int Events, long Bytes)
{
    /// <summary>An event with texts of usual lengths.</summary>
    private const int EventBytes = 400;

    /// <summary>A product or trait.</summary>
    private const int PartBytes = 200;

    public static CallSize Of(TrackRequest[] requests)
    {
        var (events, bytes) = (0, 0L);
        foreach (var request in requests)
        {
            events += request.Events.Count;
            for (var i = 0; i < request.Events.Count; i++)
            {
                bytes += BytesOf(request.Events[i]);
            }
        }
        return new CallSize(events, bytes);
    }

    /// <summary>Only what may be long is looked at.</summary>
    private static long BytesOf(CustomerEvent e) =>
        EventBytes + (2L * ((e.Text?.Length ?? 0) + (e.ExtraProperties?.Length ?? 0))) + (PartBytes * (e.Products.Count + e.Traits.Count));
}
