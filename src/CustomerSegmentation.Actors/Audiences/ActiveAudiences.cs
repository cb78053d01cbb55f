using CustomerSegmentation.Domain.Audiences;

namespace CustomerSegmentation.Actors.Audiences;

/// <summary>The audiences that live actors evaluate; replaced as a whole, so that a turn sees one consistent set.</summary>
public sealed class ActiveAudiences
{
    private volatile IReadOnlyList<Audience> _current = [];

    /// <summary>Ordered by key.</summary>
    public IReadOnlyList<Audience> Current => _current;

    /// <summary>Replaces all audiences; actors notice on their next turn.</summary>
    public void Replace(IEnumerable<Audience> audiences) => _current = [.. audiences.OrderBy(a => a.Key, StringComparer.Ordinal)];

    /// <summary>A rule under its key; the revision grows with each change of the rule.</summary>
    public sealed record Audience(string Key, int Revision, AudienceRule Rule);
}
