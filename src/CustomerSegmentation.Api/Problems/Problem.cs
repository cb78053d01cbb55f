using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CustomerSegmentation.Api.Problems;

/// <summary>An error as RFC 9457 problem details; <c>code</c> is the category for programs, <c>detail</c> is for people.</summary>
internal sealed class Problem : IResult
{
    public const string ContentType = "application/problem+json";
    private readonly int _status;
    private readonly string _code;
    private readonly string _detail;

    private Problem(int status, string code, string detail)
    {
        _status = status;
        _code = code;
        _detail = detail;
    }

    public static IResult Of(int status, string code, string detail) => new Problem(status, code, detail);

    public static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, "not_found", detail);

    public static IResult Invalid(string code, string detail) => Of(StatusCodes.Status400BadRequest, code, detail);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = _status;
        httpContext.Response.ContentType = ContentType;
        await using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "about:blank");
        writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(_status));
        writer.WriteNumber("status"u8, _status);
        writer.WriteString("detail"u8, _detail);
        writer.WriteString("code"u8, _code);
        writer.WriteEndObject();
    }
}
