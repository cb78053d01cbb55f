using System.Collections.Concurrent;

namespace CustomerSegmentation.Engine.Activations;

/// <summary>All customers belong to this process.</summary>
internal sealed class OwnPlaces : ICellPlaces
{
    private readonly ConcurrentDictionary<string, CustomerCell> _cells = new(StringComparer.Ordinal);

    public CustomerCell? Find(string customerId) => _cells.GetValueOrDefault(customerId);

    public CustomerCell? GetOrAdd(string customerId, out bool added)
    {
        var made = new CustomerCell(customerId);
        var cell = _cells.GetOrAdd(customerId, made);
        added = ReferenceEquals(cell, made);
        return cell;
    }

    public bool Admits(string customerId) => true;

    public void Remove(CustomerCell cell) => _cells.TryRemove(new KeyValuePair<string, CustomerCell>(cell.CustomerId, cell));
}
