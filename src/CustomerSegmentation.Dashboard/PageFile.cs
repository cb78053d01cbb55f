using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace CustomerSegmentation.Dashboard;

/// <summary>One file of the built page, plain and compressed.</summary>
internal sealed class PageFile
{
    /// <summary>Below this a compressed answer saves nothing: it fits into one packet either way.</summary>
    private const int GzipMinBytes = 1024;

    private readonly string _hash;

    private PageFile(byte[] plain, string contentType)
    {
        Plain = plain;
        ContentType = contentType;
        Gzip = plain.Length >= GzipMinBytes ? Compress(plain) : null;
        _hash = Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 16));
    }

    public byte[] Plain { get; }

    /// <summary>Null where compression does not pay.</summary>
    public byte[]? Gzip { get; }

    public string ContentType { get; }

    public static PageFile Read(string path) => new(File.ReadAllBytes(path), ContentTypeOf(Path.GetExtension(path)));

    /// <summary>Each encoding has its own tag, as RFC 9110, section 8.8.3, asks for.</summary>
    public string EntityTag(bool zipped) => zipped ? $"\"{_hash}-gzip\"" : $"\"{_hash}\"";

    /// <summary>Whether the request names this content, in either encoding, as the one it has.</summary>
    public bool IsKnownTo(HttpRequest request)
    {
        foreach (var tag in request.GetTypedHeaders().IfNoneMatch)
        {
            if (tag.Tag == "*" || tag.Tag == EntityTag(false) || tag.Tag == EntityTag(true)) return true;
        }

        return false;
    }

    private static byte[] Compress(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize)) gzip.Write(plain);
        return target.ToArray();
    }

    private static string ContentTypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };
}
