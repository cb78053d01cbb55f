using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Simulation.Tests.Clients;

namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>Holds what a reader is shown against the receipts that were given before.</summary>
internal sealed class ReadCheck(Ledger ledger, bool severalWriters)
{
    public void Observe(string customerId, long acknowledged, CustomerView? view)
    {
        if (view is null)
        {
            Require(acknowledged == 0 || severalWriters || ledger.ErasuresAsked.Count > 0, () => $"{customerId} has {acknowledged} acknowledged events and is not there");
            return;
        }

        // A history that joined another one continues under other numbers. Of two processes each shows what it knows.
        Require(
            severalWriters || view.Id != customerId || view.Sequence >= acknowledged,
            () => $"{customerId} is shown at {view.Sequence}, and {acknowledged} was acknowledged");
        var orders = (int)view.Features["frequency"];
        var audiences = Enumerable.Range(1, LiveCheck.OrdersMax).Where(n => orders >= n).Select(LiveCheck.Key);
        Require(
            view.Audiences.Order(StringComparer.Ordinal).SequenceEqual(audiences),
            () => $"{view.Id} is shown with {orders} orders in {string.Join(", ", view.Audiences)}");
    }

    private static void Require(bool holds, Func<string> what) => ViolationException.ThrowUnless(holds, Invariant.ReadersSeeReceipts, what);
}
