using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CustomerSegmentation.Api.Access;

/// <summary>Reads a key from the headers of a request: Basic (the key is the user; the colon may be missing), Bearer, or <c>X-Admin-Key</c>.</summary>
internal static class Credentials
{
    public const string AdminHeader = "X-Admin-Key";
    private const int HeaderLengthMax = 1024;

    /// <summary>What the Authorization header shows.</summary>
    public static KeyKind FromAuthorization(IHeaderDictionary headers, KeyRing keys)
    {
        var values = headers.Authorization;
        if (values.Count == 0)
        {
            return KeyKind.Missing;
        }

        var header = values[0].AsSpan().Trim();
        if (header.Length > HeaderLengthMax)
        {
            return KeyKind.Unknown;
        }

        if (header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return FromBasic(header[6..].Trim(), keys);
        }

        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? FromText(header[7..].Trim(), keys) : KeyKind.Unknown;
    }

    /// <summary>What the Authorization header or the admin header shows; the stronger of the two.</summary>
    public static KeyKind FromHeaders(IHeaderDictionary headers, KeyRing keys)
    {
        var kind = FromAuthorization(headers, keys);
        if (kind != KeyKind.Admin && headers.TryGetValue(AdminHeader, out var values) && values[0] is { Length: <= HeaderLengthMax } key)
        {
            kind = (KeyKind)Math.Max((byte)kind, (byte)FromText(key, keys));
        }

        return kind;
    }

    private static KeyKind FromBasic(ReadOnlySpan<char> base64, KeyRing keys)
    {
        Span<byte> encoded = stackalloc byte[HeaderLengthMax];
        Span<byte> decoded = stackalloc byte[HeaderLengthMax];
        if (!Encoding.UTF8.TryGetBytes(base64, encoded, out var length)
            || Base64.DecodeFromUtf8(encoded[..length], decoded, out _, out var written) != System.Buffers.OperationStatus.Done)
        {
            return KeyKind.Unknown;
        }

        var user = decoded[..written];
        var colon = user.IndexOf((byte)':');
        return keys.Identify(colon < 0 ? user : user[..colon]);
    }

    private static KeyKind FromText(ReadOnlySpan<char> text, KeyRing keys)
    {
        Span<byte> bytes = stackalloc byte[HeaderLengthMax];
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length) ? keys.Identify(bytes[..length]) : KeyKind.Unknown;
    }
}
