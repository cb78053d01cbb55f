using System.Collections.Concurrent;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Segments;

/// <summary>The segments' actors, one turn at a time each. Those of the active version stay once they were asked for; others live for one call.</summary>
internal sealed class SegmentTurns(IProfileIndex profiles, IActiveSegmentation active, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, Cell> _cells = new(StringComparer.Ordinal);

    public ISegmentActor Find(string key) =>
        active.Current?.Segmentation.IndexOf(key) >= 0 ? _cells.GetOrAdd(key, Create) : Create(key);

    /// <summary>Hands each segment what a committed batch of profiles changed for it.</summary>
    public async Task ApplyAsync(ProfileChanges changes)
    {
        foreach (var delta in changes.Deltas)
        {
            // A segment that nobody has asked about reads its numbers when somebody does.
            if (_cells.TryGetValue(delta.Key, out var cell))
            {
                await cell.ApplyAsync(delta);
            }
        }
    }

    private Cell Create(string key) => new(new SegmentActor(key, profiles, active, timeProvider));

    private sealed class Cell(SegmentActor actor) : TurnGate, ISegmentActor
    {
        public async Task<SegmentView?> GetAsync(CancellationToken cancellationToken = default)
        {
            await EnterAsync(int.MaxValue);
            try
            {
                return await actor.GetAsync(cancellationToken);
            }
            finally
            {
                Exit();
            }
        }

        public async Task ApplyAsync(SegmentDelta delta, CancellationToken cancellationToken = default)
        {
            await EnterAsync(int.MaxValue);
            try
            {
                await actor.ApplyAsync(delta, cancellationToken);
            }
            finally
            {
                Exit();
            }
        }
    }
}
