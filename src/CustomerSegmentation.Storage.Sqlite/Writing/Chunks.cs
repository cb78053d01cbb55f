using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Long writes of profile rows, cut into transactions that are short enough to fit between two commit groups.</summary>
internal static class Chunks
{
    public static async Task<ProfileChanges> PostAsync(
        WriteQueue queue, int total, int chunk, Func<WriterSession, int, int, ProfileChanges> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pieces = new List<Task<ProfileChanges>>((total + chunk - 1) / chunk);
        for (var start = 0; start < total; start += chunk)
        {
            var (from, count) = (start, Math.Min(chunk, total - start));

            // None of it is lost for good when the machine loses power before the next sync: the journal is ahead then, and says so.
            pieces.Add(queue.PostAsync(session => write(session, from, count), durable: false, cancellationToken));
        }

        return (await Task.WhenAll(pieces)).Aggregate(ProfileChanges.None, (all, piece) => all.Then(piece));
    }
}
