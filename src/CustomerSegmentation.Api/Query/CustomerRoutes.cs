using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api.Query;

/// <summary>Customers: one, its history, why it is in its segment, its export and erasure, and lists.</summary>
internal static class CustomerRoutes
{
    private const string Unknown = "There is no customer by this id.";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/customers").WithTags("Customers");
        group.MapGet("", ListAsync)
            .WithSummary("Customers ordered by id, of one segment or of all")
            .WithDescription("From the profile index, at most a few seconds behind the customers themselves.")
            .Produces<Page<CustomerSummary>>();
        group.MapGet("/{id}", GetAsync)
            .WithSummary("One customer: segment, features, traits, interests")
            .WithDescription("Sees the customer's own last receipt. Percent-encode the id; it may contain slashes.")
            .Produces<CustomerView>();
        group.MapGet("/{id}/history", GetHistoryAsync)
            .WithSummary("The customer's events and segment transitions, newest first")
            .Produces<CustomerHistory>();
        group.MapGet("/{id}/explanation", ExplainAsync)
            .WithSummary("Why the customer is in the segment")
            .Produces<SegmentExplanation>();
        group.MapGet("/{id}/export", ExportAsync)
            .WithSummary("Everything that is held about the customer and the ids that joined it, as one document")
            .WithDescription(
                "Features, traits, segment, transitions, audiences, every event of the journal, rejections. "
                + "What it shows is what DELETE removes. 410 when the customer was erased.")
            .Produces<ExportBody>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        group.MapDelete("/{id}", EraseAsync)
            .WithSummary("Erases the customer and the ids that joined it: events, state, profile, rejections")
            .WithDescription(
                "All at once: a call that fails erased everything or nothing, call again. Events for the ids are refused from then on. "
                + "Calling it again gives zero counts.")
            .Produces<ErasureReceipt>();
    }

    private static async Task<IResult> ListAsync(
        ISegmentationEngine engine, string? segment, string? cursor, int? limit, CancellationToken cancellationToken) =>
        Results.Json(
            await engine.ListCustomersAsync(
                string.IsNullOrEmpty(segment) ? null : segment, string.IsNullOrEmpty(cursor) ? null : cursor, PageLimit.Check(limit), cancellationToken),
            ApiJson.Default.PageCustomerSummary);

    private static async Task<IResult> GetAsync(string id, HttpContext context, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        await engine.Customer(CustomerPath.Id(context)).GetAsync(cancellationToken) is { } customer
            ? Results.Json(customer, ApiJson.Default.CustomerView)
            : Problem.NotFound(Unknown);

    private static async Task<IResult> GetHistoryAsync(
        string id, HttpContext context, ISegmentationEngine engine, long? before, int? limit, CancellationToken cancellationToken) =>
        await engine.Customer(CustomerPath.Id(context)).GetHistoryAsync(before, PageLimit.Check(limit), cancellationToken) is { } history
            ? Results.Json(history, ApiJson.Default.CustomerHistory)
            : Problem.NotFound(Unknown);

    private static async Task<IResult> ExplainAsync(
        string id, HttpContext context, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        await engine.Customer(CustomerPath.Id(context)).ExplainAsync(cancellationToken) is { } explanation
            ? Results.Json(explanation, ApiJson.Default.SegmentExplanation)
            : Problem.NotFound("There is no customer by this id, or the customer has no segment yet.");

    private static async Task<IResult> ExportAsync(string id, HttpContext context, ISegmentationEngine engine, CancellationToken cancellationToken)
    {
        var parts = engine.Customer(CustomerPath.Id(context)).ExportAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var streams = false;
        try
        {
            if (!await parts.MoveNextAsync())
            {
                return Problem.NotFound(Unknown);
            }

            if (parts.Current.Head is not { Erased: false } head)
            {
                return Problem.Of(StatusCodes.Status410Gone, "erased", "The customer was erased. A salted hash of the id is all that is held.");
            }

            streams = true;
            return new ExportResult(head, parts);
        }
        finally
        {
            if (!streams)
            {
                await parts.DisposeAsync();
            }
        }
    }

    private static async Task<IResult> EraseAsync(
        string id, HttpContext context, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        Results.Json(await engine.Customer(CustomerPath.Id(context)).EraseAsync(cancellationToken), ApiJson.Default.ErasureReceipt);
}
