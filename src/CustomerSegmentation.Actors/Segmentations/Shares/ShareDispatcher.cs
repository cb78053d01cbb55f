using System.Runtime.ExceptionServices;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>
/// Gives shares to whoever is there, one at a time each, until all are done. Who had a share in an earlier pass gets it first, since its points may be in memory
/// there; whoever has nothing left takes from the others. A share whose worker failed is done by another, and that worker gets no more in this pass; when all
/// have failed, the error is the pass's.
/// </summary>
/// <param name="workers">Who is there now; the same object for the same worker.</param>
/// <param name="shares">The shares.</param>
internal sealed class ShareDispatcher(Func<IReadOnlyList<IShareWorker>> workers, IReadOnlyList<KeyRange> shares)
{
    private readonly IShareWorker?[] _latest = new IShareWorker?[shares.Count];

    public int Count => shares.Count;

    /// <summary>One pass over all shares.</summary>
    /// <param name="work">Does a share.</param>
    /// <param name="take">Takes an answer and the share's position; called for one answer at a time, in any order.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    public async Task RunAsync<T>(
        Func<IShareWorker, KeyRange, CancellationToken, Task<T>> work, Action<int, T> take, CancellationToken cancellationToken)
    {
        var pass = new Pass(_latest);
        var failed = new HashSet<IShareWorker>();
        ExceptionDispatchInfo? error = null;
        while (pass.IsUnfinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var able = workers().Where(worker => !failed.Contains(worker)).ToList();
            if (able.Count == 0)
            {
                error?.Throw();
                throw new SegmentationException("Nobody is there to work on the profile index.");
            }

            foreach (var (worker, fault) in await Task.WhenAll(able.Select(worker => DrainAsync(worker, pass, work, take, cancellationToken))))
            {
                if (fault is not null)
                {
                    failed.Add(worker);
                    error = fault;
                }
            }
        }
    }

    /// <summary>Tells whoever is there that nothing needs to be kept for a version; who cannot be told forgets it with the next version.</summary>
    public async Task ForgetAsync(int version)
    {
        foreach (var worker in workers())
        {
            try
            {
                await worker.ForgetAsync(version);
            }
            catch (Exception)
            {
                // It is gone, or will be.
            }
        }
    }

    private async Task<(IShareWorker Worker, ExceptionDispatchInfo? Fault)> DrainAsync<T>(
        IShareWorker worker, Pass pass, Func<IShareWorker, KeyRange, CancellationToken, Task<T>> work, Action<int, T> take,
        CancellationToken cancellationToken)
    {
        while (pass.Next(worker) is { } share)
        {
            T answer;
            try
            {
                answer = await work(worker, shares[share], cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                pass.Return(share);
                return (worker, ExceptionDispatchInfo.Capture(exception));
            }

            pass.Finish(() => take(share, answer));
        }

        return (worker, null);
    }

    /// <summary>Which shares are left; safe for concurrent use.</summary>
    private sealed class Pass(IShareWorker?[] latest)
    {
        private readonly Lock _gate = new();
        private readonly List<int> _left = [.. Enumerable.Range(0, latest.Length).Reverse()];

        public bool IsUnfinished
        {
            get
            {
                lock (_gate)
                {
                    return _left.Count > 0;
                }
            }
        }

        /// <summary>A share for a worker: one that it had, else one that nobody had, else anybody's.</summary>
        public int? Next(IShareWorker worker)
        {
            lock (_gate)
            {
                if (_left.Count == 0)
                {
                    return null;
                }

                var place = _left.FindLastIndex(share => ReferenceEquals(latest[share], worker));
                place = place >= 0 ? place : _left.FindLastIndex(share => latest[share] is null);
                place = place >= 0 ? place : 0;
                var taken = _left[place];
                _left.RemoveAt(place);
                latest[taken] = worker;
                return taken;
            }
        }

        public void Return(int share)
        {
            lock (_gate)
            {
                latest[share] = null;
                _left.Add(share);
            }
        }

        public void Finish(Action take)
        {
            lock (_gate)
            {
                take();
            }
        }
    }
}
