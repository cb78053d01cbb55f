using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Problems;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustomerSegmentation.Api.Query;

/// <summary>Customers: one, its history, why it is in its segment, its erasure, and lists.</summary>
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
        group.MapDelete("/{id}", EraseAsync)
            .WithSummary("Erases the customer: events, state, profile")
            .WithDescription("Events for the id are refused from then on. Calling it again gives zero counts.")
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

    private static async Task<IResult> EraseAsync(
        string id, HttpContext context, ISegmentationEngine engine, CancellationToken cancellationToken) =>
        Results.Json(await engine.Customer(CustomerPath.Id(context)).EraseAsync(cancellationToken), ApiJson.Default.ErasureReceipt);
}
