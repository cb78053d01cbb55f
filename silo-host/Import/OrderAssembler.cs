using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>
/// Collects the rows of one order into one group, also when rows of other orders lie between them, within a window that bounds memory. Groups leave in
/// the order in which they began.
/// </summary>
/// <remarks>
/// A row that comes after its order has left the window begins a second group of the same order. The two have different contents, so both count.
/// </remarks>
internal sealed class OrderAssembler(int ordersMax = 4_096, int rowsMax = 100_000)
{
    private readonly Dictionary<(EventKind Kind, string? Name, string Order, string Customer), OpenOrder> _open = [];
    private readonly Queue<(EventKind Kind, string? Name, string Order, string Customer)> _sequence = new();
    private int _rows;

    /// <summary>Adds a row; false when it repeats a row of its open order exactly.</summary>
    /// <param name="row">The row.</param>
    /// <param name="text">The row as it stands in the table.</param>
    /// <param name="completed">Receives the groups that are complete now.</param>
    public bool Add(ImportedRow row, string text, List<IReadOnlyList<ImportedRow>> completed)
    {
        if (row.OrderId is null)
        {
            completed.Add([row]);
            return true;
        }

        var key = (row.Kind, row.Name, row.OrderId, row.CustomerId);
        if (!_open.TryGetValue(key, out var order))
        {
            order = new OpenOrder();
            _open.Add(key, order);
            _sequence.Enqueue(key);
        }

        if (!order.TryAdd(row, text))
        {
            return false;
        }

        _rows++;
        while (_open.Count > ordersMax || _rows > rowsMax)
        {
            CompleteOldest(completed);
        }

        return true;
    }

    /// <summary>Completes everything that is open.</summary>
    public void Flush(List<IReadOnlyList<ImportedRow>> completed)
    {
        while (_open.Count > 0)
        {
            CompleteOldest(completed);
        }
    }

    private void CompleteOldest(List<IReadOnlyList<ImportedRow>> completed)
    {
        _open.Remove(_sequence.Dequeue(), out var order);
        _rows -= order!.Rows.Count;
        completed.Add(order.Rows);
    }
}
