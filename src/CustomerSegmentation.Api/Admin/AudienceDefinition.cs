using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomerSegmentation.Api.Admin;

/// <summary>What an audience is made of.</summary>
/// <param name="Name">For people, 1 to 200 characters; the key when missing.</param>
/// <param name="Rule">The rule as a JSON object.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AudienceDefinition(string? Name, JsonElement Rule);
