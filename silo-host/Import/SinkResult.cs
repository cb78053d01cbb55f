namespace CustomerSegmentation.SiloHost.Import;

/// <summary>What became of the events given to an <see cref="IEventSink"/>.</summary>
/// <param name="Added">Events that are new.</param>
/// <param name="Known">Events that were there before.</param>
/// <param name="Erased">Events refused because their customer was erased.</param>
/// <param name="Refused">Events refused for another reason; the sink keeps it in the rejections.</param>
/// <param name="Taken">Events of which the system does not say whether they were new.</param>
internal readonly record struct SinkResult(long Added, long Known, long Erased, long Refused = 0, long Taken = 0)
{
    public static SinkResult operator +(SinkResult left, SinkResult right) =>
        new(
            left.Added + right.Added, left.Known + right.Known, left.Erased + right.Erased, left.Refused + right.Refused,
            left.Taken + right.Taken);
}
