using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CustomerSegmentation.Api.Documentation;

/// <summary>Says in the document which key each path needs, and how errors look.</summary>
internal sealed class SecurityTransformer : IOpenApiDocumentTransformer
{
    public const string WriteKey = "writeKey";
    public const string AdminKey = "adminKey";
    public const string AdminHeader = "adminKeyHeader";
    public const string ProblemSchema = "Problem";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "CustomerSegmentation",
            Version = "v1",
            Description = "Tracking API for shops (Segment-compatible), and query and admin API for customers, segments and re-clusterings.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[WriteKey] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "basic",
            Description = "The write key as user, with an empty password; or writeKey in the body.",
        };
        document.Components.SecuritySchemes[AdminKey] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The admin key as bearer token, or as user of Basic authentication.",
        };
        document.Components.SecuritySchemes[AdminHeader] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Access.Credentials.AdminHeader,
            Description = "The admin key.",
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = Schemas.Object(
            "An error as RFC 9457 problem details.",
            ("type", Schemas.Text("about:blank")), ("title", Schemas.Text("The status in words.")), ("status", Schemas.Integer("The HTTP status.")),
            ("detail", Schemas.Text("For people.")), ("code", Schemas.Text("The category, for programs.")));
        foreach (var (path, item) in document.Paths.Where(each => each.Key.StartsWith("/api/", StringComparison.Ordinal)))
        {
            foreach (var operation in item.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
            {
                Secure(operation, document, path.Contains('{'));
            }
        }

        return Task.CompletedTask;
    }

    private static void Secure(OpenApiOperation operation, OpenApiDocument document, bool mayBeMissing)
    {
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(AdminKey, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(AdminHeader, document)] = [] },
        ];
        operation.Responses ??= [];
        AddProblem(operation.Responses, "400", "A parameter or the body has the wrong form.", document);
        AddProblem(operation.Responses, "401", "No key, or none of ours.", document);
        AddProblem(operation.Responses, "403", "A write key cannot read or steer.", document);
        if (mayBeMissing)
        {
            AddProblem(operation.Responses, "404", "There is none by this name.", document);
        }
    }

    private static void AddProblem(OpenApiResponses responses, string status, string description, OpenApiDocument document) =>
        responses[status] = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problems.Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, document) },
            },
        };
}
