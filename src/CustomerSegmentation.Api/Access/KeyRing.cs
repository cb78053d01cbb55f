using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Access;

/// <summary>
/// The keys of this service. Keys are compared as SHA-256 digests in constant time, and every key is compared every time: neither a
/// prefix nor the place in the list shows in the time an answer takes.
/// </summary>
internal sealed class KeyRing(IOptions<ApiOptions> options)
{
    private readonly byte[][] _write = Digests(options.Value.WriteKeys);
    private readonly byte[][] _admin = Digests(options.Value.AdminKeys);

    /// <summary>False when every path is open to everybody.</summary>
    public bool Required { get; } = options.Value.RequireKeys;

    public KeyKind Identify(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return KeyKind.Missing;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        var write = Contains(_write, digest);
        var admin = Contains(_admin, digest);
        return admin ? KeyKind.Admin : write ? KeyKind.Write : KeyKind.Unknown;
    }

    private static bool Contains(byte[][] digests, ReadOnlySpan<byte> digest)
    {
        var found = false;
        foreach (var each in digests)
        {
            found |= CryptographicOperations.FixedTimeEquals(each, digest);
        }

        return found;
    }

    private static byte[][] Digests(IList<string> keys) => [.. keys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];
}
