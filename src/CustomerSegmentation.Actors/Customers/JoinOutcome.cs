namespace CustomerSegmentation.Actors.Customers;

/// <summary>How an attempt to join another id's history to a customer ended.</summary>
public enum JoinOutcome : byte
{
    /// <summary>The history is the customer's.</summary>
    Joined,

    /// <summary>The history is another customer's already, or was erased: it never joins this one.</summary>
    Elsewhere,

    /// <summary>Not now: to be tried again.</summary>
    Later,
}
