using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Segments;

/// <summary>Gives the plain actor of a segment its identity and its turns.</summary>
internal sealed class SegmentGrain(SiloCustomers silo) : Grain, ISegmentGrain
{
    public const string Prefix = "segment/";

    private SegmentActor _actor = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _actor = silo.CreateSegment(this.GetPrimaryKeyString()[Prefix.Length..]);
        return Task.CompletedTask;
    }

    public Task<SegmentView?> GetAsync(CancellationToken cancellationToken = default) => _actor.GetAsync(cancellationToken);

    public Task ApplyAsync(SegmentDelta delta, CancellationToken cancellationToken = default) => _actor.ApplyAsync(delta, cancellationToken);
}
