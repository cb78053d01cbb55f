namespace CustomerSegmentation.Domain.Features.Sessions;

/// <summary>Sums over sessions.</summary>
internal struct SessionTotals
{
    public long Count;
    public double LengthMs;
    public long Depth;

    /// <summary>Sessions of one event.</summary>
    public long Single;

    public long Carts;
    public long Orders;

    /// <summary>Sessions in which something went into the cart and nothing was ordered.</summary>
    public long Abandoned;

    public void Add(in Session session)
    {
        var cart = (session.Flags & SessionFlags.Cart) != 0;
        var order = (session.Flags & SessionFlags.Order) != 0;
        Count++;
        LengthMs += session.EndMs - session.StartMs;
        Depth += session.Depth;
        Single += session.Depth == 1 ? 1 : 0;
        Carts += cart ? 1 : 0;
        Orders += order ? 1 : 0;
        Abandoned += cart && !order ? 1 : 0;
    }
}
