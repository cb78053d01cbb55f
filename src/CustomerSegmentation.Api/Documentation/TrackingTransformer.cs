using CustomerSegmentation.Api.Tracking;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CustomerSegmentation.Api.Documentation;

/// <summary>Describes the tracking paths, which are raw delegates and so unknown to the generator.</summary>
internal sealed class TrackingTransformer : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas["TrackingEvent"] = EventSchema();
        document.Components.Schemas["TrackingAnswer"] = AnswerSchema();
        document.Components.Schemas["TrackingFault"] = Schemas.Object(
            "Why nothing was taken.", ("code", Schemas.Text("The category.")), ("message", Schemas.Text("For people.")));
        foreach (var (path, call) in TrackingRoutes.All)
        {
            document.Paths[path] = new OpenApiPathItem
            {
                Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Operation(path, call, document) },
            };
        }

        document.Paths["/v1/projects/{writeKey}/settings"] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = SettingsOperation(document) },
        };
        return Task.CompletedTask;
    }

    private static OpenApiOperation Operation(string path, TrackingCall call, OpenApiDocument document)
    {
        var one = new OpenApiSchemaReference("TrackingEvent", document);
        var body = call == TrackingCall.Batch
            ? Schemas.Object(
                "Events of any customers, in the order in which they shall be applied.",
                ("batch", Schemas.List("Events; each has its type.", one)), ("writeKey", Schemas.Text("In place of Basic authentication.")),
                ("context", Schemas.Free("Merged into each event.")), ("integrations", Schemas.Free("Accepted and not used.")),
                ("sentAt", Schemas.Text("When the sender's clock said it was sent.", "date-time")))
            : (IOpenApiSchema)one;
        return new OpenApiOperation
        {
            OperationId = "post" + path.Replace('/', '_'),
            Summary = Summary(call),
            Description = "JSON whatever the Content-Type says; gzip, deflate or br. 200 means that the good events are committed; bad ones of a batch are"
                + " listed under rejected and kept in /api/rejections.",
            Tags = new HashSet<OpenApiTagReference> { new("Tracking", document) },
            RequestBody = new OpenApiRequestBody { Required = true, Content = Content(body) },
            Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityTransformer.WriteKey, document)] = [] }],
            Responses = new OpenApiResponses
            {
                ["200"] = Response("Taken.", "TrackingAnswer", document),
                ["400"] = Response("Not JSON, over a limit, or (single calls) a bad event.", "TrackingFault", document),
                ["401"] = Response("The write key is missing or not valid.", "TrackingFault", document),
                ["429"] = Response("A bounded queue is full; send again after Retry-After seconds.", "TrackingFault", document),
                ["503"] = Response("Events cannot be taken now; send again after Retry-After seconds.", "TrackingFault", document),
            },
        };
    }

    private static OpenApiOperation SettingsOperation(OpenApiDocument document) => new()
    {
        OperationId = "getProjectSettings",
        Summary = "What browser SDKs ask for before they send",
        Tags = new HashSet<OpenApiTagReference> { new("Tracking", document) },
        Parameters =
        [
            new OpenApiParameter { Name = "writeKey", In = ParameterLocation.Path, Required = true, Schema = Schemas.Text("The write key.") },
        ],
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = "Settings.", Content = Content(Schemas.Free("Settings of the browser SDK.")) },
            ["401"] = Response("The write key is not valid.", "TrackingFault", document),
        },
    };

    private static OpenApiSchema EventSchema() => Schemas.Object(
        "One call. It needs userId or anonymousId; track needs event, group needs groupId, alias needs previousId.",
        ("type", Schemas.Text("track, identify, page, screen, group or alias; inside a batch only.")),
        ("userId", Schemas.Text("1 to 200 characters.")),
        ("anonymousId", Schemas.Text("1 to 200 characters; beside a userId its history joins the known customer.")),
        ("messageId", Schemas.Text("The duplicate key, at most 100 characters; made from content and receive time when missing.")),
        ("event", Schemas.Text("Name of a track call: Order Completed, Product Viewed, … or a name of your own.")),
        ("name", Schemas.Text("Name of a page or screen.")),
        ("properties", Schemas.Free("Order fields, product fields, products[], rating, query, …; others are kept as they are.")),
        ("traits", Schemas.Free("Traits of an identify or group call, flattened with dots.")),
        ("groupId", Schemas.Text("Of a group call.")),
        ("previousId", Schemas.Text("Of an alias call.")),
        ("timestamp", Schemas.Text("ISO 8601; now when missing.", "date-time")),
        ("originalTimestamp", Schemas.Text("In place of timestamp.", "date-time")),
        ("sentAt", Schemas.Text("Corrects the sender's clock.", "date-time")),
        ("context", Schemas.Free("library, app, page, device, userAgent, channel, sessionId.")),
        ("writeKey", Schemas.Text("In place of Basic authentication; outside a batch.")));

    private static OpenApiSchema AnswerSchema()
    {
        var item = Schemas.Object(
            "One event.",
            ("index", Schemas.Integer("Position in the batch, from 0.")), ("code", Schemas.Text("The category.")),
            ("message", Schemas.Text("For people.")), ("messageId", Schemas.Text("As sent, when there is one.")));
        return Schemas.Object(
            "success alone when there is nothing to say; a batch under an admin key always has the counts.",
            ("success", Schemas.Boolean("True: the request was dealt with for good.")),
            ("accepted", Schemas.Integer("Events that this request added.")), ("duplicates", Schemas.Integer("Events that were known already.")),
            ("rejected", Schemas.List("Events that were refused.", item)),
            ("warnings", Schemas.List("Events that were taken, but not all of them.", item)));
    }

    private static string Summary(TrackingCall call) => call switch
    {
        TrackingCall.Track => "Something that a customer did",
        TrackingCall.Identify => "Who a customer is: traits",
        TrackingCall.Page => "A page that a customer saw",
        TrackingCall.Screen => "A screen of an app that a customer saw",
        TrackingCall.Group => "A group that a customer belongs to",
        TrackingCall.Alias => "Two ids of the same customer",
        _ => "Many events in one request",
    };

    private static Dictionary<string, OpenApiMediaType> Content(IOpenApiSchema schema) => new() { [Json] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiResponse Response(string description, string schema, OpenApiDocument document) =>
        new() { Description = description, Content = Content(new OpenApiSchemaReference(schema, document)) };
}
