namespace CustomerSegmentation.Engine.Customers;

/// <summary>What becomes of a customer's activation when a held turn ends.</summary>
internal enum HoldEnd : byte
{
    /// <summary>It goes on.</summary>
    Kept,

    /// <summary>Nothing of it is true any more, and storage says so: the next turn learns from there what is left.</summary>
    Forgotten,

    /// <summary>It may not show what is stored: the next turn recovers, and somebody looks after the profile row.</summary>
    Discarded,
}
