using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api;

/// <summary>Checks what annotations cannot: the form of keys and how limits stand to each other. Messages never show a key.</summary>
internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    private const int KeyLengthMin = 8;
    private const int KeyLengthMax = 200;

    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        var failures = new List<string>();
        CheckKeys(options.WriteKeys, nameof(ApiOptions.WriteKeys), options.RequireKeys, failures);
        CheckKeys(options.AdminKeys, nameof(ApiOptions.AdminKeys), options.RequireKeys, failures);
        if (options.WriteKeys.Intersect(options.AdminKeys, StringComparer.Ordinal).Any())
        {
            failures.Add("A key is both a write key and an admin key; a write key must not read customers.");
        }

        if (options.EventBytesMax > options.DecompressedBytesMax)
        {
            failures.Add($"{nameof(ApiOptions.EventBytesMax)} is above {nameof(ApiOptions.DecompressedBytesMax)}.");
        }

        if (options.BodyBytesInFlightMax < 2L * Math.Max(options.AdminBatchBytesMax, options.BatchBytesMax + (long)options.DecompressedBytesMax))
        {
            failures.Add($"{nameof(ApiOptions.BodyBytesInFlightMax)} does not hold two of the largest requests.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckKeys(IList<string> keys, string setting, bool required, List<string> failures)
    {
        if (required && keys.Count == 0)
        {
            failures.Add($"{setting} is empty while {nameof(ApiOptions.RequireKeys)} is true.");
        }

        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i] is not { Length: >= KeyLengthMin and <= KeyLengthMax } key || key.AsSpan().ContainsAnyExceptInRange('!', '~') || key.Contains(':'))
            {
                failures.Add($"{setting}[{i}] is not {KeyLengthMin} to {KeyLengthMax} visible ASCII characters without a colon.");
            }
        }
    }
}
