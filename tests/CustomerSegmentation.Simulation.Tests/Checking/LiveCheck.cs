using System.Globalization;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Simulation.Tests.Disk;

namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>Holds what is published against the journal at that moment.</summary>
internal sealed class LiveCheck(SimulatedDisk disk)
{
    /// <summary>Audiences that are entered by so many orders.</summary>
    public const int OrdersMax = 4;

    private readonly Dictionary<int, Segmentation?> _segmentations = [];

    public int Published { get; private set; }

    public static string Key(int orders) => $"orders-{orders}";

    public static string Rule(int orders) => $$"""{"all":[{"feature":"frequency","op":">=","value":{{orders}}}]}""";

    public void Observe(LiveEvent item)
    {
        if (item.Transition is { To: not null } transition)
        {
            Observe(transition);
        }
        if (item.Audience is not { Entered: true } entered)
        {
            return;
        }
        Published++;
        var committed = disk.Events(entered.CustomerId);
        var orders = committed.Count(e => e.Kind == EventKind.OrderCompleted);
        var needed = int.Parse(entered.Audience["orders-".Length..], CultureInfo.InvariantCulture);

        // Nothing is left of somebody who was erased between the commit and now.
        ViolationException.ThrowUnless(
            committed.Count == 0 && disk.IsErased(entered.CustomerId) || orders >= needed,
            Invariant.PublishedIsCommitted,
            () => $"{entered.CustomerId} was said to have {needed} orders when {orders} were committed");
    }

    private void Observe(SegmentTransition transition)
    {
        Published++;
        if (Segmentation(transition.Version) is not { } segmentation)
        {
            return;
        }
        var committed = disk.Events(transition.CustomerId);
        if (committed.Count == 0 && disk.IsErased(transition.CustomerId))
        {
            return;
        }
        var timeMs = transition.Time.ToUnixTimeMilliseconds();
        var state = new CustomerState(transition.CustomerId);
        var vector = new float[FeatureSchema.Current.Count];
        foreach (var e in committed)
        {
            CustomerReplay.Apply(state, e);
            if (timeMs >= state.Features.LastSeenMs)
            {
                state.Features.Materialize(timeMs, vector);
                var choice = segmentation.Assign(vector, transition.From);
                if (segmentation.Segments[choice.Index].Key == transition.To)
                {
                    return;
                }
            }
        }
        throw new ViolationException(
            Invariant.TransitionIsCommitted, $"{transition.CustomerId} was said to be in {transition.To}, where none of {committed.Count} committed events leads");
    }

    private Segmentation? Segmentation(int version)
    {
        if (!_segmentations.TryGetValue(version, out var segmentation))
        {
            var record = disk.Storage.Segmentations.LoadAsync(version).Result!;
            segmentation = SegmentationState.Read(record.Payload.Span).Fitted;
            _segmentations.Add(version, segmentation);
        }
        return segmentation;
    }
}
