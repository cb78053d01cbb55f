using System.Globalization;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Simulation.Tests.Disk;

namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>Holds what is published against the journal at that moment.</summary>
internal sealed class LiveCheck(SimulatedDisk disk)
{
    /// <summary>Audiences that are entered by so many orders.</summary>
    public const int OrdersMax = 4;

    public int Published { get; private set; }

    public static string Key(int orders) => $"orders-{orders}";

    public static string Rule(int orders) => $$"""{"all":[{"feature":"frequency","op":">=","value":{{orders}}}]}""";

    public void Observe(LiveEvent item)
    {
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
}
