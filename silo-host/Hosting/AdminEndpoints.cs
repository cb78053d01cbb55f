using System.Globalization;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Export;
using CustomerSegmentation.Storage.Journal;
using Microsoft.AspNetCore.Mvc;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>What the commands import and export need from a running service. Everything here asks for the admin key.</summary>
internal static class AdminEndpoints
{
    private const int RejectionsMax = 1_000;
    private const int SourceCharsMax = 200;

    /// <param name="endpoints">Where they go.</param>
    /// <param name="engine">Takes rejections.</param>
    /// <param name="journal">What exports are made from.</param>
    /// <param name="referenceMs">The shop's time, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="encoder">Gives exports the columns of the model.</param>
    /// <param name="texts">Gives exports the mean of what customers wrote.</param>
    /// <param name="time">Clock.</param>
    public static RouteGroupBuilder Map(
        IEndpointRouteBuilder endpoints, ISegmentationEngine engine, IJournal journal, Func<long> referenceMs, IEncoder encoder, ITextEncoder texts,
        TimeProvider time)
    {
        var group = endpoints.MapGroup("/api").WithTags("Import and export");
        group.MapGet("/export/{kind}", (string kind, string? asOf, string? from, bool? featuresOnly, HttpContext context) =>
            ExportAsync(kind, asOf, from, featuresOnly ?? false, context, journal, referenceMs, encoder, texts, time))
            .WithSummary("Streams a table: features (one row a customer) or events, from events before asOf only; of events, those from a time on")
            .WithDescription(
                "Where there is a text model, features are followed by the mean of its embeddings of a customer's texts (text_0, text_1, …; empty for whoever wrote none); where a "
                + "sequence model is active, by emb_0, emb_1, …, probabilities such as p_value_none, and model. featuresOnly=true leaves these columns out.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/rejections", ([FromBody] RejectionBatch batch) => Reject(batch, engine, time))
            .WithSummary("Keeps rejections of an import with their line numbers")
            .Produces<RejectionReceipt>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task ExportAsync(
        string kind, string? asOf, string? from, bool featuresOnly, HttpContext context, IJournal journal, Func<long> referenceMs, IEncoder encoder,
        ITextEncoder texts, TimeProvider time)
    {
        if (!Enum.TryParse<ExportKind>(kind, ignoreCase: true, out var parsed) || char.IsDigit(kind[0]))
        {
            await Results.Problem("There are exports of features and of events.", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
            return;
        }

        var (until, since) = (asOf is null ? null : TimeText.ReadTime(asOf), from is null ? null : TimeText.ReadTime(from));
        if ((asOf is not null && until is null) || (from is not null && since is null))
        {
            await Results.Problem($"{(asOf is not null && until is null ? "asOf" : "from")} is not an ISO 8601 time.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename={parsed.ToString().ToLowerInvariant()}.csv";
        try
        {
            await TableExport.WriteAsync(
                new ExportRequest(parsed, until, since, featuresOnly), journal, referenceMs(), encoder, texts, time, context.Response.Body,
                new ExportProgress(), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader went away.
        }
        catch (Exception e)
        {
            HostLog.ExportFailed(context.RequestServices.GetRequiredService<ILogger<OpenShop>>(), e);

            // Half a table must not look like a whole one.
            context.Abort();
        }
    }

    private static IResult Reject(RejectionBatch batch, ISegmentationEngine engine, TimeProvider time)
    {
        if (batch.Items is not { Count: > 0 and <= RejectionsMax } items || items.Any(item => item is null))
        {
            return Results.Problem(
                string.Create(CultureInfo.InvariantCulture, $"Send 1 to {RejectionsMax} items."), statusCode: StatusCodes.Status400BadRequest);
        }

        var now = time.GetUtcNow();
        engine.Reject(
        [
            .. items.Select(item => new RejectionView
            {
                Time = now,
                Source = Bound(item.Source, SourceCharsMax) ?? "import",
                Code = Bound(item.Code, SourceCharsMax) ?? "rejected",
                Reason = Bound(item.Reason) ?? "",
                CustomerId = Bound(item.CustomerId, SourceCharsMax),
                MessageId = Bound(item.MessageId, SourceCharsMax),
                Position = item.Position,
                Excerpt = Bound(item.Excerpt),
            }),
        ]);
        return Results.Ok(new RejectionReceipt(items.Count));
    }

    private static string? Bound(string? text, int charsMax = 500) => text is null ? null : Import.Fields.Text(text, charsMax);
}
