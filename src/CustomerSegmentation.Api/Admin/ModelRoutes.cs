using System.Globalization;
using CustomerSegmentation.Api.Documentation;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Contracts.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Admin;

/// <summary>Sequence models: list, add, activate, go back, compare, remove.</summary>
internal static class ModelRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/models").WithTags("Models");
        group.MapGet("", ListAsync)
            .WithSummary("Sequence models, what each is doing, how far the active one has read the customers, and the text model")
            .Produces<ModelsView>();
        group.MapPost("", AddAsync)
            .WithSummary("Adds a model: its manifest and the files that it names")
            .WithDescription("The model is tried out before it is kept. It does nothing until it is activated. The same model again changes nothing (200).")
            .WithModelBody()
            .Produces<ModelView>(StatusCodes.Status201Created)
            .Produces<ModelView>()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/{version}", GetAsync)
            .WithSummary("One model; of a shadow, how it compares")
            .Produces<ModelView>();
        group.MapDelete("/{version}", RemoveAsync)
            .WithSummary("Removes a model that is not in use, nor was before the active one")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status409Conflict);
        Describe(group.MapPost("/{version}/activate", (string version, [FromServices] IModelCatalogue? models, CancellationToken cancellationToken) =>
            ChangeAsync(models, m => m.ActivateAsync(version, cancellationToken))))
            .WithSummary("Makes a model the active one, also for later starts; everybody is read by it in the background");
        Describe(group.MapPost("/rollback", ([FromServices] IModelCatalogue? models, CancellationToken cancellationToken) =>
            ChangeAsync(models, m => m.RollBackAsync(cancellationToken))))
            .WithSummary("Goes back to the model that was active before");
        Describe(group.MapPost("/{version}/shadow", (string version, [FromServices] IModelCatalogue? models, CancellationToken cancellationToken) =>
            ChangeAsync(models, m => m.StartShadowAsync(version, cancellationToken))))
            .WithSummary("Runs a model beside the active one and compares their answers, until the next activation");
        Describe(group.MapDelete("/{version}/shadow", (string version, [FromServices] IModelCatalogue? models, CancellationToken cancellationToken) =>
            ChangeAsync(models, m => m.StopShadowAsync(version, cancellationToken))))
            .WithSummary("Ends the comparison and gives its last report");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route) => route
        .Produces<ModelView>()
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> ListAsync([FromServices] IModelCatalogue? models, CancellationToken cancellationToken) =>
        Results.Json(models is null ? new ModelsView() : await models.ListAsync(cancellationToken), ApiJson.Default.ModelsView);

    private static async Task<IResult> GetAsync(string version, [FromServices] IModelCatalogue? models, CancellationToken cancellationToken) =>
        models is not null && (await models.ListAsync(cancellationToken)).Items.FirstOrDefault(m => m.Version == version) is { } model
            ? Results.Json(model, ApiJson.Default.ModelView)
            : Problem.NotFound($"There is no model of version '{version}'.");

    private static async Task<IResult> AddAsync(
        HttpRequest request, [FromServices] IModelCatalogue? models, ModelUpload upload, IOptions<ApiOptions> options, CancellationToken cancellationToken)
    {
        if (!upload.TryBegin())
        {
            request.HttpContext.Response.Headers.RetryAfter = options.Value.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return Problem.Of(StatusCodes.Status429TooManyRequests, "busy", "Another model is being added.");
        }

        try
        {
            var package = await upload.ReadAsync(request, cancellationToken);
            return await DoAsync(models, async m =>
            {
                var (model, isNew) = await m.AddAsync(package, cancellationToken);
                request.HttpContext.Response.Headers.Location = $"{request.PathBase}/api/models/{model.Version}";
                return Results.Json(model, ApiJson.Default.ModelView, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            });
        }
        finally
        {
            upload.End();
        }
    }

    private static Task<IResult> RemoveAsync(string version, [FromServices] IModelCatalogue? models, CancellationToken cancellationToken) => DoAsync(
        models,
        async m =>
        {
            await m.RemoveAsync(version, cancellationToken);
            return Results.NoContent();
        });

    private static Task<IResult> ChangeAsync(IModelCatalogue? models, Func<IModelCatalogue, Task<ModelView>> change) =>
        DoAsync(models, async m => Results.Json(await change(m), ApiJson.Default.ModelView));

    private static async Task<IResult> DoAsync(IModelCatalogue? models, Func<IModelCatalogue, Task<IResult>> act)
    {
        if (models is null)
        {
            return Problem.Of(StatusCodes.Status409Conflict, "no_runtime", "This service runs no models.");
        }

        try
        {
            return await act(models);
        }
        catch (ModelException e)
        {
            return e.Problem switch
            {
                ModelProblem.Unknown => Problem.NotFound(e.Message),
                ModelProblem.Refused => Problem.Of(StatusCodes.Status422UnprocessableEntity, "model_refused", e.Message),
                ModelProblem.NoRuntime => Problem.Of(StatusCodes.Status409Conflict, "no_runtime", e.Message),
                _ => Problem.Of(StatusCodes.Status409Conflict, "conflict", e.Message),
            };
        }
    }
}
