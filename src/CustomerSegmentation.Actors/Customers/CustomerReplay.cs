using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>The one way in which events become state: live, on recovery, and in exports.</summary>
public static class CustomerReplay
{
    /// <summary>Applies the customer's next event.</summary>
    public static void Apply(CustomerState state, CustomerEvent e)
    {
        state.Apply(e);
        if (e.Kind is EventKind.TraitsIdentified or EventKind.Aliased && e.OtherId is { } other && other != state.CustomerId)
        {
            state.JoinRequested(other);
        }
    }
}
