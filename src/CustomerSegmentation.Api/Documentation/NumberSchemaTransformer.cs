using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CustomerSegmentation.Api.Documentation;

/// <summary>Numbers that a converter writes are still numbers.</summary>
internal sealed class NumberSchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(double) || context.JsonTypeInfo.Type == typeof(double?))
        {
            schema.Type = JsonSchemaType.Number | (context.JsonTypeInfo.Type == typeof(double?) ? JsonSchemaType.Null : default);
            schema.Format = "double";
        }

        return Task.CompletedTask;
    }
}
