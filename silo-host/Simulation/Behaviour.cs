namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>How a type of visitor behaves; probabilities are 0 to 1.</summary>
internal sealed record Behaviour
{
    public required VisitorType Type { get; init; }

    /// <summary>Share of the visitors who begin as this type.</summary>
    public required double Share { get; init; }

    public required double SessionsPerDay { get; init; }

    /// <summary>Mean products viewed in a session.</summary>
    public required double Views { get; init; }

    public required double Search { get; init; }

    /// <summary>That a viewed product goes into the cart.</summary>
    public required double Add { get; init; }

    /// <summary>That a session with a cart ends in an order.</summary>
    public required double Order { get; init; }

    /// <summary>Mean units of a product in an order.</summary>
    public required double Units { get; init; }

    /// <summary>Where in each category's prices the visitor shops, from 0 (cheapest) to 1.</summary>
    public required double PriceLevel { get; init; }

    public required double Coupon { get; init; }

    /// <summary>That an order is sent back.</summary>
    public required double Return { get; init; }

    public required double Review { get; init; }

    /// <summary>Mean stars.</summary>
    public required double Stars { get; init; }

    public double Wishlist { get; init; } = 0.03;

    /// <summary>Share of sessions on a phone.</summary>
    public double Mobile { get; init; } = 0.5;

    /// <summary>Mean days until the type changes; infinite for never.</summary>
    public double DriftDays { get; init; } = double.PositiveInfinity;

    /// <summary>What the type changes into.</summary>
    public IReadOnlyList<VisitorType> DriftsTo { get; init; } = [];

    /// <summary>All types, by the value of <see cref="VisitorType"/>.</summary>
    public static IReadOnlyList<Behaviour> All { get; } =
    [
        new()
        {
            Type = VisitorType.Loyal, Share = 0.14, SessionsPerDay = 0.28, Views = 4, Search = 0.35, Add = 0.3, Order = 0.55, Units = 1.6,
            PriceLevel = 0.55, Coupon = 0.08, Return = 0.03, Review = 0.3, Stars = 4.6, Mobile = 0.55,
            DriftDays = 900, DriftsTo = [VisitorType.Lapsing, VisitorType.BigSpender],
        },
        new()
        {
            Type = VisitorType.BigSpender, Share = 0.05, SessionsPerDay = 0.1, Views = 6, Search = 0.2, Add = 0.4, Order = 0.7, Units = 4,
            PriceLevel = 0.92, Coupon = 0.02, Return = 0.04, Review = 0.1, Stars = 4.3, Mobile = 0.15,
            DriftDays = 1200, DriftsTo = [VisitorType.Lapsing],
        },
        new()
        {
            Type = VisitorType.BargainHunter, Share = 0.16, SessionsPerDay = 0.2, Views = 7, Search = 0.6, Add = 0.2, Order = 0.35, Units = 1.5,
            PriceLevel = 0.15, Coupon = 0.85, Return = 0.06, Review = 0.1, Stars = 3.8, Wishlist = 0.1, Mobile = 0.7,
            DriftDays = 900, DriftsTo = [VisitorType.Browser, VisitorType.Loyal],
        },
        new()
        {
            Type = VisitorType.Browser, Share = 0.24, SessionsPerDay = 0.16, Views = 6, Search = 0.3, Add = 0.05, Order = 0.05, Units = 1,
            PriceLevel = 0.5, Coupon = 0.1, Return = 0.05, Review = 0.02, Stars = 3.9, Wishlist = 0.12, Mobile = 0.8,
            DriftDays = 1200, DriftsTo = [VisitorType.BargainHunter, VisitorType.Loyal],
        },
        new()
        {
            Type = VisitorType.Lapsing, Share = 0.15, SessionsPerDay = 0.22, Views = 3, Search = 0.2, Add = 0.25, Order = 0.4, Units = 1.4,
            PriceLevel = 0.5, Coupon = 0.1, Return = 0.06, Review = 0.05, Stars = 3.2, Mobile = 0.45,
        },
        new()
        {
            Type = VisitorType.Newcomer, Share = 0.1, SessionsPerDay = 0.3, Views = 4, Search = 0.45, Add = 0.2, Order = 0.3, Units = 1.2,
            PriceLevel = 0.45, Coupon = 0.3, Return = 0.05, Review = 0.1, Stars = 4.2, Mobile = 0.65,
            DriftDays = 90, DriftsTo = [VisitorType.Loyal, VisitorType.Browser, VisitorType.BargainHunter, VisitorType.Lapsing],
        },
        new()
        {
            Type = VisitorType.Returner, Share = 0.07, SessionsPerDay = 0.2, Views = 5, Search = 0.3, Add = 0.35, Order = 0.5, Units = 2.2,
            PriceLevel = 0.6, Coupon = 0.2, Return = 0.65, Review = 0.25, Stars = 2.6, Mobile = 0.6,
            DriftDays = 900, DriftsTo = [VisitorType.Loyal, VisitorType.Lapsing],
        },
        new()
        {
            Type = VisitorType.GiftBuyer, Share = 0.09, SessionsPerDay = 0.012, Views = 4, Search = 0.5, Add = 0.5, Order = 0.75, Units = 1.3,
            PriceLevel = 0.65, Coupon = 0.1, Return = 0.04, Review = 0.05, Stars = 4.4, Mobile = 0.35,
        },
    ];
}
