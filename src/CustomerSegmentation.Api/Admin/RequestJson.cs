using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CustomerSegmentation.Api.Tracking;
using Microsoft.AspNetCore.Http;

namespace CustomerSegmentation.Api.Admin;

/// <summary>Reads the JSON body of a request to <c>/api</c>, bounded.</summary>
internal static class RequestJson
{
    /// <returns>Null for an empty body.</returns>
    /// <exception cref="FormatException">Too large, not JSON, or not of this form.</exception>
    public static async ValueTask<T?> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, InFlightGate gate, int bytesMax)
        where T : class
    {
        using var body = new PooledBody(gate);
        var outcome = await BodyReader.ReadAsync(request, body, bytesMax);
        if (outcome != BodyOutcome.Complete)
        {
            throw new FormatException(outcome == BodyOutcome.TooLarge ? $"The body is larger than {bytesMax} bytes." : "The body could not be read.");
        }

        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body.Buffer.AsSpan(0, body.Length), type);
        }
        catch (JsonException exception)
        {
            throw new FormatException("The body is not of the expected form: " + exception.Message);
        }
    }
}
