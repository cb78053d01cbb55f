using CustomerSegmentation.Actors.Segmentations.Shares;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>A <see cref="PlacedShare"/> on its way back; entry by entry, moves from a key to a position.</summary>
[GenerateSerializer, Immutable]
internal sealed record PlacedMessage(
    [property: Id(0)] long[] Sizes, [property: Id(1)] double[] Money, [property: Id(2)] string[] From, [property: Id(3)] int[] To,
    [property: Id(4)] long[] Customers, [property: Id(5)] long Rows)
{
    public static PlacedMessage Of(PlacedShare share)
    {
        var moves = share.Moves.ToArray();
        return new PlacedMessage(
            [.. share.Sizes], [.. share.Money], Array.ConvertAll(moves, m => m.Key.From), Array.ConvertAll(moves, m => m.Key.To),
            Array.ConvertAll(moves, m => m.Value), share.Read);
    }

    public PlacedShare Read() => new(Sizes, Money, Enumerable.Range(0, From.Length).ToDictionary(i => (From[i], To[i]), i => Customers[i]), Rows);
}
