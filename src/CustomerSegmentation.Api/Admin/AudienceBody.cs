using System.Text.Json;
using CustomerSegmentation.Contracts.Audiences;

namespace CustomerSegmentation.Api.Admin;

/// <summary>An audience with its rule as JSON.</summary>
internal sealed record AudienceBody(string Key, string Name, JsonElement Rule, int Revision, long Size, DateTimeOffset ChangedAt)
{
    public static AudienceBody From(AudienceView view)
    {
        using var rule = JsonDocument.Parse(view.Rule);
        return new AudienceBody(view.Key, view.Name, rule.RootElement.Clone(), view.Revision, view.Size, view.ChangedAt);
    }
}
