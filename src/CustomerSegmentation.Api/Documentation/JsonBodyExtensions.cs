using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace CustomerSegmentation.Api.Documentation;

/// <summary>Describes bodies that handlers read themselves, whatever the Content-Type says.</summary>
internal static class JsonBodyExtensions
{
    public static RouteHandlerBuilder WithJsonBody<T>(this RouteHandlerBuilder builder, bool isRequired) =>
        builder.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = isRequired,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = schema } },
            };
        });
}
