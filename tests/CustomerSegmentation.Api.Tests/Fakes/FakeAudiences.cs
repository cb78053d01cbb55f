using CustomerSegmentation.Contracts.Audiences;

namespace CustomerSegmentation.Api.Tests.Fakes;

internal sealed class FakeAudiences : IAudienceDirectory
{
    private readonly SortedDictionary<string, AudienceView> _audiences = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<AudienceView>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<AudienceView>>([.. _audiences.Values]);

    public Task<AudienceView> PutAsync(string key, string name, string rule, CancellationToken cancellationToken = default)
    {
        if (rule.Contains("nonsense", StringComparison.Ordinal))
        {
            throw new FormatException("nonsense is not a feature.");
        }

        return Task.FromResult(_audiences[key] = new AudienceView { Key = key, Name = name, Rule = rule, Revision = 1 });
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult(_audiences.Remove(key));
}
