namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>The hidden type of a simulated visitor: what a segmentation should find out from events alone.</summary>
public enum VisitorType : byte
{
    /// <summary>Comes and buys often, full price, reviews kindly.</summary>
    Loyal,

    /// <summary>Seldom, but large and dear baskets.</summary>
    BigSpender,

    /// <summary>Buys with coupons and at reduced prices.</summary>
    BargainHunter,

    /// <summary>Looks a lot, buys next to nothing.</summary>
    Browser,

    /// <summary>Was good, comes less and less.</summary>
    Lapsing,

    /// <summary>First seen in the last weeks.</summary>
    Newcomer,

    /// <summary>Buys often and sends much of it back.</summary>
    Returner,

    /// <summary>Comes for a few occasions a year and buys gifts then.</summary>
    GiftBuyer,
}
