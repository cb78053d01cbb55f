using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.InMemory;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class AudienceTests
{
    [Fact]
    public async Task Audiences_put_at_once_are_all_in_force()
    {
        const string rule = """{"feature":"frequency","op":">=","value":1}""";
        await using var storage = new InMemoryStorage();
        var store = new SlowStore(storage.Audiences);
        var active = new ActiveAudiences();
        var directory = new AudienceDirectory(store, active, TimeProvider.System, () => { });

        // The first has read what is to be in force, and is held up before it puts it in force.
        var first = directory.PutAsync("first", "First", rule);
        var second = directory.PutAsync("second", "Second", rule);
        store.GoOn.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(["first", "second"], active.Current.Select(a => a.Key));
    }

    /// <summary>Holds up the list that follows the first change.</summary>
    private sealed class SlowStore(IAudienceStore inner) : IAudienceStore
    {
        private int _lists;

        public TaskCompletionSource GoOn { get; } = new();

        public async Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default)
        {
            var list = await inner.ListAsync(cancellationToken);
            if (++_lists == 2)
            {
                await GoOn.Task;
            }
            return list;
        }

        public Task SaveAsync(AudienceRecord audience, CancellationToken cancellationToken = default) => inner.SaveAsync(audience, cancellationToken);

        public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) => inner.DeleteAsync(key, cancellationToken);

        public Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default) =>
            inner.CountMembersAsync(cancellationToken);
    }
}
