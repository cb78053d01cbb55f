using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>The one way in which events become state: live, on recovery, and in exports.</summary>
public static class CustomerReplay
{
    /// <summary>So many histories may wait to join one customer; until some have joined, requests that name more are refused.</summary>
    public const int PendingJoinsMax = 64;

    /// <summary>Applies the customer's next event.</summary>
    public static void Apply(CustomerState state, CustomerEvent e) => Apply(state, e, DuplicateWindow.HashOf(e.MessageId));

    /// <summary>The same, where the message id's <see cref="DuplicateWindow.HashOf"/> is known already.</summary>
    public static void Apply(CustomerState state, CustomerEvent e, ulong messageHash)
    {
        state.Apply(e, messageHash);
        if (Named(e) is { } other)
        {
            state.JoinRequested(other);
        }
    }

    /// <summary>
    /// Whether a request names another history while as many wait as may. What one request names is taken whole or not at all, so its size adds to the limit.
    /// </summary>
    public static bool NamesTooMany(CustomerState state, TrackRequest request) =>
        state.PendingJoins.Count >= PendingJoinsMax && state.MergedInto is null
        && request.Events.Any(e => Named(e) is { } other && other != state.CustomerId && !state.PendingJoins.Contains(other) && !state.JoinedIds.Contains(other));

    private static string? Named(CustomerEvent e) => e.Kind is EventKind.TraitsIdentified or EventKind.Aliased ? e.OtherId : null;
}
