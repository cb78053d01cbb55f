using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Long writes of profile rows, cut into transactions that are short enough to fit between two commit groups.</summary>
internal static class Chunks
{
    public static async Task<ProfileChanges> PostAsync(
        WriteQueue queue, int total, int chunk, Func<WriterSession, int, int, Task<ProfileChanges>> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var changes = ProfileChanges.None;
        for (var start = 0; start < total; start += chunk)
        {
            var (from, count) = (start, Math.Min(chunk, total - start));
            changes = changes.Then(await queue.PostAsync(session => write(session, from, count), cancellationToken));
        }

        return changes;
    }
}
