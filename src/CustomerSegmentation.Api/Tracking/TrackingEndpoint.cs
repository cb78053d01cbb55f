using CustomerSegmentation.Api.Access;
using CustomerSegmentation.Api.Tracking.Parsing;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>
/// Takes tracking requests: bounds, reads, checks the key, hands the good events to the engine and answers after their commit. A single bad event is
/// answered 400; a batch is answered 200 with the list of its bad events, also when all are bad, because SDKs
/// delete a batch either way and the list says why. A batch under an admin key is answered with counts: importers tell new events from known ones.
/// </summary>
internal sealed partial class TrackingEndpoint(
    ISegmentationEngine engine, KeyRing keys, InFlightGate gate, TrackingAnswers answers, RejectionLog rejections, TimeProvider clock,
    IOptions<ApiOptions> options, ILogger<TrackingEndpoint> logger)
{
    private readonly TrackLimits _ordinary = TrackLimits.Ordinary(options.Value);
    private readonly TrackLimits _admin = TrackLimits.Admin(options.Value);

    private readonly ObjectPool<TrackParser> _parsers =
        new DefaultObjectPool<TrackParser>(new DefaultPooledObjectPolicy<TrackParser>(), Environment.ProcessorCount * 2);

    public async Task HandleAsync(HttpContext context, TrackingCall call)
    {
        var response = context.Response;
        var health = engine.Health;
        if (!health.Ready)
        {
            answers.WriteRetry(response, StatusCodes.Status503ServiceUnavailable, RejectionCodes.Unavailable, health.Reason ?? "Not ready.");
            return;
        }

        if (!gate.TryEnter())
        {
            answers.WriteRetry(response, StatusCodes.Status429TooManyRequests, RejectionCodes.Overloaded, "Too many requests at once.");
            return;
        }

        try
        {
            var headerKey = HeaderKey(context.Request);
            if (await ReadAsync(context, call, headerKey) is { } parsed)
            {
                await TrackAsync(response, call, parsed, withCounts: headerKey == KeyKind.Admin && call == TrackingCall.Batch);
            }
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <summary>What the header shows. Where no key is asked for, everybody may write, and an admin key still lifts the limits.</summary>
    private KeyKind HeaderKey(HttpRequest request)
    {
        var kind = Credentials.FromAuthorization(request.Headers, keys);
        return keys.Required || kind == KeyKind.Admin ? kind : KeyKind.Write;
    }

    /// <summary>The events of the request; null when the request has been answered.</summary>
    private async ValueTask<ParsedTracking?> ReadAsync(HttpContext context, TrackingCall call, KeyKind headerKey)
    {
        var request = context.Request;
        var limits = headerKey == KeyKind.Admin ? _admin : _ordinary;
        using var packed = new PooledBody(gate);
        using var unpacked = new PooledBody(gate);
        var plain = packed;
        var outcome = await BodyReader.ReadAsync(request, packed, limits.BodyBytesMax);
        if (outcome == BodyOutcome.Complete)
        {
            outcome = BodyReader.Unpack(packed, request.Headers.ContentEncoding, unpacked, limits.DecompressedBytesMax, out plain);
        }

        if (outcome != BodyOutcome.Complete)
        {
            AnswerUnread(context, outcome, limits, headerKey >= KeyKind.Write);
            return null;
        }

        return Parse(context.Response, plain, call, limits, headerKey);
    }

    private ParsedTracking? Parse(HttpResponse response, PooledBody body, TrackingCall call, TrackLimits limits, KeyKind headerKey)
    {
        var parser = _parsers.Get();
        try
        {
            var fault = parser.Parse(body.Buffer, body.Length, call, limits);
            var isAllowed = headerKey >= KeyKind.Write;
            if (fault is not null)
            {
                AnswerFault(response, fault, isAllowed);
                return null;
            }

            if (!isAllowed && keys.Identify(parser.WriteKey) < KeyKind.Write)
            {
                TrackingAnswers.WriteFault(
                    response, StatusCodes.Status401Unauthorized, RejectionCodes.InvalidWriteKey, "The write key is missing or not valid.");
                return null;
            }

            return parser.Build(clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
        finally
        {
            parser.Release();
            _parsers.Return(parser);
        }
    }

    private async Task TrackAsync(HttpResponse response, TrackingCall call, ParsedTracking parsed, bool withCounts)
    {
        IReadOnlyList<TrackReceipt> receipts = [];
        if (parsed.Requests.Length > 0)
        {
            try
            {
                // Not cancelled with the request: what was read is committed, and the sender's retry finds it there.
                receipts = await engine.TrackAsync(parsed.Requests, CancellationToken.None);
            }
            catch (Exception exception)
            {
                LogTrackFailed(logger, exception);
                answers.WriteRetry(response, StatusCodes.Status503ServiceUnavailable, RejectionCodes.Unavailable, "The events could not be taken.");
                return;
            }
        }

        Answer(response, call, parsed, receipts, withCounts);
    }

    private void Answer(HttpResponse response, TrackingCall call, ParsedTracking parsed, IReadOnlyList<TrackReceipt> receipts, bool withCounts)
    {
        var (accepted, duplicates) = (0, 0);
        List<ItemRejection>? erased = null;
        HashSet<string>? erasedIds = null;
        var offset = 0;
        for (var i = 0; i < receipts.Count; i++)
        {
            var receipt = receipts[i];
            var request = parsed.Requests[i];
            switch (receipt.Outcome)
            {
                case TrackOutcome.Overloaded:
                    answers.WriteRetry(
                        response, StatusCodes.Status429TooManyRequests, RejectionCodes.Overloaded, receipt.Reason ?? "A queue is full.");
                    return;
                case TrackOutcome.Unavailable:
                    answers.WriteRetry(
                        response, StatusCodes.Status503ServiceUnavailable, RejectionCodes.Unavailable, receipt.Reason ?? "Nothing was committed.");
                    return;
                case TrackOutcome.Erased:
                    (erased ??= []).AddRange(Erased(request, parsed.Positions.AsSpan(offset, request.Events.Count)));
                    (erasedIds ??= new HashSet<string>(StringComparer.Ordinal)).Add(request.CustomerId);
                    break;
            }

            offset += request.Events.Count;
            accepted += receipt.Accepted;
            duplicates += receipt.Duplicates;
        }

        if (erased is null && parsed.Rejected.Count == 0 && parsed.Warnings.Count == 0)
        {
            if (withCounts)
            {
                TrackingAnswers.WriteDetails(response, accepted, duplicates, [], []);
            }
            else
            {
                TrackingAnswers.WriteSuccess(response);
            }

            return;
        }

        ItemRejection[] rejected = erased is null ? [.. parsed.Rejected] : [.. parsed.Rejected.Concat(erased).OrderBy(item => item.Index)];
        rejections.Keep(rejected, erasedIds);
        rejections.Keep(parsed.Warnings, erasedIds);
        if (call != TrackingCall.Batch && rejected.Length > 0)
        {
            TrackingAnswers.WriteFault(response, StatusCodes.Status400BadRequest, rejected[0].Code, rejected[0].Message);
            return;
        }

        TrackingAnswers.WriteDetails(response, accepted, duplicates, rejected, parsed.Warnings);
    }

    private static List<ItemRejection> Erased(TrackRequest request, ReadOnlySpan<int> positions)
    {
        var rejected = new List<ItemRejection>(positions.Length);
        for (var i = 0; i < positions.Length; i++)
        {
            rejected.Add(new ItemRejection(
                positions[i], RejectionCodes.Erased, "The customer was erased; events for this id are refused.", request.Events[i].MessageId,
                request.CustomerId, null));
        }

        return rejected;
    }

    private void AnswerUnread(HttpContext context, BodyOutcome outcome, TrackLimits limits, bool isAllowed)
    {
        switch (outcome)
        {
            case BodyOutcome.TooLarge:
                AnswerFault(
                    context.Response,
                    new BodyFault(
                        RejectionCodes.BodyTooLarge,
                        $"The body is larger than {limits.BodyBytesMax} bytes, or unpacked larger than {limits.DecompressedBytesMax} bytes."),
                    isAllowed);
                break;
            case BodyOutcome.BadEncoding:
                AnswerFault(
                    context.Response, new BodyFault(RejectionCodes.InvalidEncoding, "The body is not in the encoding that it claims."), isAllowed);
                break;
            case BodyOutcome.Overloaded:
                answers.WriteRetry(
                    context.Response, StatusCodes.Status429TooManyRequests, RejectionCodes.Overloaded, "Too many bytes at once.");
                break;
            case BodyOutcome.TimedOut:
                TrackingAnswers.WriteFault(
                    context.Response, StatusCodes.Status408RequestTimeout, RejectionCodes.RequestTimeout, "The body came too slowly.");
                break;
            default:
                context.Abort();
                break;
        }
    }

    private void AnswerFault(HttpResponse response, BodyFault fault, bool isAllowed)
    {
        // Senders without a key must not fill the log.
        if (isAllowed)
        {
            rejections.Keep([new ItemRejection(0, fault.Code, fault.Message, null, null, null)]);
        }

        TrackingAnswers.WriteFault(response, StatusCodes.Status400BadRequest, fault.Code, fault.Message);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "The engine failed to take events")]
    private static partial void LogTrackFailed(ILogger logger, Exception exception);
}
