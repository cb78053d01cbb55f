using System.Collections.Concurrent;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Versions in the store. A state that the store could not take is kept in memory, so that readers see why a version failed while the store is away.</summary>
internal sealed class SegmentationArchive(ISegmentationStore store)
{
    private const int ReadMax = 100;

    private readonly ConcurrentDictionary<int, SegmentationState> _unsaved = new();

    public async Task SaveAsync(SegmentationState state)
    {
        await store.SaveAsync(new SegmentationRecord(state.Version, state.ToBytes()));
        _unsaved.TryRemove(state.Version, out _);
    }

    /// <summary>Saves, or keeps in memory what could not be saved.</summary>
    public async Task SaveOrKeepAsync(SegmentationState state)
    {
        try
        {
            await SaveAsync(state);
        }
        catch (Exception)
        {
            _unsaved[state.Version] = state;
        }
    }

    public async Task<SegmentationState?> LoadAsync(int version, CancellationToken cancellationToken)
    {
        if (_unsaved.TryGetValue(version, out var kept))
        {
            return kept;
        }

        var record = await store.LoadAsync(version, cancellationToken);
        return record is null ? null : SegmentationState.Read(record.Payload.Span);
    }

    /// <summary>Versions below a number, newest first.</summary>
    public async Task<IReadOnlyList<SegmentationState>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken)
    {
        var records = await store.ListAsync(beforeVersion, limit, cancellationToken);
        return [.. records.Select(record => _unsaved.TryGetValue(record.Version, out var kept) ? kept : SegmentationState.Read(record.Payload.Span))];
    }

    /// <summary>Keys of all segments that ever were: each fitted version carries those before it.</summary>
    public async Task<IReadOnlyList<string>> KeysGivenAsync(CancellationToken cancellationToken)
    {
        var before = int.MaxValue;
        while (true)
        {
            var states = await ListAsync(before, ReadMax, cancellationToken);
            if (states.FirstOrDefault(state => state.Fitted is not null)?.Fitted is { } newest)
            {
                return newest.KeysGiven;
            }

            if (states.Count < ReadMax)
            {
                return [];
            }

            before = states[^1].Version;
        }
    }

    /// <summary>Every version, newest first.</summary>
    public async IAsyncEnumerable<SegmentationState> AllAsync()
    {
        var before = int.MaxValue;
        while (true)
        {
            var states = await ListAsync(before, ReadMax, CancellationToken.None);
            foreach (var state in states)
            {
                yield return state;
            }

            if (states.Count < ReadMax)
            {
                yield break;
            }

            before = states[^1].Version;
        }
    }
}
