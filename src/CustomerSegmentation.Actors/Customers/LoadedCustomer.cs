using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>A customer as <see cref="CustomerLoader"/> read it.</summary>
/// <param name="State">Snapshot and journal together.</param>
/// <param name="StorageKey">The storage's key; 0 for a customer that was never stored.</param>
/// <param name="Erased">The customer was erased: the state is empty and stays so.</param>
/// <param name="Replayed">Events were applied that the snapshot lacked: segment, audiences and profile row do not show them yet.</param>
public readonly record struct LoadedCustomer(CustomerState State, long StorageKey, bool Erased, bool Replayed);
