using System.Text.Json;
using System.Text.RegularExpressions;
using CustomerSegmentation.Api.Documentation;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Admin;

/// <summary>The audiences that the shop has defined.</summary>
internal static partial class AudienceRoutes
{
    private const int NameCharsMax = 200;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/audiences").WithTags("Audiences");
        group.MapGet("", ListAsync)
            .WithSummary("All audiences, ordered by key")
            .Produces<Page<AudienceBody>>();
        group.MapPut("/{key}", PutAsync)
            .WithSummary("Creates or replaces an audience")
            .WithDescription("The key is 1 to 64 of a-z, 0-9, dash and underscore, beginning with a letter. Memberships follow in the background.")
            .WithJsonBody<AudienceDefinition>(isRequired: true)
            .Produces<AudienceBody>();
        group.MapDelete("/{key}", DeleteAsync)
            .WithSummary("Removes an audience")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(ISegmentationEngine engine, CancellationToken cancellationToken)
    {
        var audiences = await engine.Audiences.ListAsync(cancellationToken);
        return Results.Json(new Page<AudienceBody> { Items = [.. audiences.Select(AudienceBody.From)] }, ApiJson.Default.PageAudienceBody);
    }

    private static async Task<IResult> PutAsync(
        string key, HttpRequest request, ISegmentationEngine engine, InFlightGate gate, IOptions<ApiOptions> options,
        CancellationToken cancellationToken)
    {
        if (!KeyPattern().IsMatch(key))
        {
            return Problem.Invalid("invalid_key", "The key is not 1 to 64 of a-z, 0-9, dash and underscore, beginning with a letter.");
        }

        var definition = await RequestJson.ReadAsync(request, ApiJson.Default.AudienceDefinition, gate, options.Value.AdminRequestBytesMax);
        if (definition is not { Rule.ValueKind: JsonValueKind.Object })
        {
            return Problem.Invalid("invalid_rule", "The body needs a rule, a JSON object.");
        }

        var name = string.IsNullOrWhiteSpace(definition.Name) ? key : definition.Name.Trim();
        if (name.Length > NameCharsMax || name.Any(char.IsControl))
        {
            return Problem.Invalid("invalid_name", $"The name is not 1 to {NameCharsMax} characters without control characters.");
        }

        try
        {
            var audience = await engine.Audiences.PutAsync(key, name, definition.Rule.GetRawText(), cancellationToken);
            return Results.Json(AudienceBody.From(audience), ApiJson.Default.AudienceBody);
        }
        catch (FormatException exception)
        {
            return Problem.Invalid("invalid_rule", exception.Message);
        }
    }

    private static async Task<IResult> DeleteAsync(string key, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        await engine.Audiences.DeleteAsync(key, cancellationToken) ? Results.NoContent() : Problem.NotFound("There is no audience by this key.");

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}
