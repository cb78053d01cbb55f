using CustomerSegmentation.Api.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace CustomerSegmentation.Api.Documentation;

/// <summary>Describes the body of an upload, which its handler reads itself.</summary>
internal static class ModelBodyExtensions
{
    public static RouteHandlerBuilder WithModelBody(this RouteHandlerBuilder builder) =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var schema = Schemas.Object(
                "A manifest and the files beside it.",
                (ModelUpload.ManifestPart, Schemas.Text("The manifest, a file of JSON.", "binary")),
                (ModelUpload.FilePart, Schemas.Text("The graph, under the file name that the manifest gives it.", "binary")));
            schema.Required = new HashSet<string> { ModelUpload.ManifestPart, ModelUpload.FilePart };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new OpenApiMediaType { Schema = schema } },
            };
            return Task.CompletedTask;
        });
}
