using System.Collections.Concurrent;
using CustomerSegmentation.Engine.Activations;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>A customer belongs to the silo on which its grain is, and its cell hangs on the grain.</summary>
internal sealed class GrainPlaces : ICellPlaces
{
    private readonly ConcurrentDictionary<string, CustomerGrain> _grains = new(StringComparer.Ordinal);

    /// <summary>A grain is here from now on.</summary>
    public void Add(CustomerGrain grain) => _grains[grain.CustomerId] = grain;

    /// <summary>A grain is not here any more: nobody finds its cell by id.</summary>
    public void Remove(CustomerGrain grain) => _grains.TryRemove(new KeyValuePair<string, CustomerGrain>(grain.CustomerId, grain));

    /// <summary>The customer's grain on this silo.</summary>
    public CustomerGrain? FindGrain(string customerId) => _grains.GetValueOrDefault(customerId);

    public CustomerCell? Find(string customerId) => FindGrain(customerId)?.Cell;

    public CustomerCell? GetOrAdd(string customerId, out bool added)
    {
        added = false;
        if (FindGrain(customerId) is not { } grain)
        {
            return null;
        }
        // The grain's own string: requests come with another one each, and all but one of them can go.
        var made = new CustomerCell(grain.CustomerId);
        var cell = grain.HangUp(made);
        added = ReferenceEquals(cell, made);
        return cell;
    }

    public bool Admits(string customerId) => _grains.ContainsKey(customerId);

    public void Remove(CustomerCell cell) => FindGrain(cell.CustomerId)?.TakeDown(cell);
}
