using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CustomerSegmentation.Api.Query;

/// <summary>
/// The customer id of a path. Servers leave an encoded slash as it is when they decode a path, so that <c>a%2Fb</c> and <c>a%252Fb</c> look
/// the same afterwards; the id is therefore taken from the request line as sent.
/// </summary>
internal static class CustomerPath
{
    public const string Prefix = "/api/customers/";
    private const int CharsMax = 200;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">Not 1 to 200 characters without control characters.</exception>
    public static string Id(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        var start = path.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            throw new FormatException("The customer's id is missing.");
        }

        var rest = path[(start + Prefix.Length)..];
        var end = rest.IndexOf('/');
        var id = Decode(end < 0 ? rest : rest[..end]);
        if (id.Length is 0 or > CharsMax || id.Any(char.IsControl))
        {
            throw new FormatException($"The customer's id is not 1 to {CharsMax} characters without control characters.");
        }

        return id;
    }

    private static string Decode(ReadOnlySpan<char> encoded)
    {
        var bytes = new byte[Strict.GetMaxByteCount(encoded.Length)];
        var length = 0;
        while (!encoded.IsEmpty)
        {
            if (encoded[0] == '%' && encoded.Length >= 3 && byte.TryParse(
                encoded.Slice(1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                encoded = encoded[3..];
            }
            else
            {
                var plain = encoded[1..].IndexOf('%') is var next && next < 0 ? encoded.Length : next + 1;
                length += Strict.GetBytes(encoded[..plain], bytes.AsSpan(length));
                encoded = encoded[plain..];
            }
        }

        try
        {
            return Strict.GetString(bytes.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("The customer's id is not valid UTF-8.");
        }
    }
}
