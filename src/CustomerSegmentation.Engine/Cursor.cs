using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CustomerSegmentation.Engine;

/// <summary>Opaque cursors of lists: base64url of a mark and the last item's key.</summary>
internal static class Cursor
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string After(char list, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(list + key));

    /// <exception cref="FormatException">Not a cursor of this list.</exception>
    public static string? Read(char list, string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }
        try
        {
            var text = Strict.GetString(Base64Url.DecodeFromChars(cursor));
            if (text.Length > 0 && text[0] == list)
            {
                return text[1..];
            }
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            // Told below, the same for every kind of damage.
        }
        throw new FormatException("The cursor is not one that this list gave.");
    }

    /// <inheritdoc cref="Read"/>
    public static long? ReadNumber(char list, string? cursor) => Read(list, cursor) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("The cursor is not one that this list gave.");
}
