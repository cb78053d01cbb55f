using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Kinds of device by the words and user agents that senders give.</summary>
internal static class Devices
{
    private static readonly Utf8NameTable<DeviceKind> Words = new(
    [
        ("desktop", DeviceKind.Desktop),
        ("computer", DeviceKind.Desktop),
        ("pc", DeviceKind.Desktop),
        ("laptop", DeviceKind.Desktop),
        ("macos", DeviceKind.Desktop),
        ("windows", DeviceKind.Desktop),
        ("linux", DeviceKind.Desktop),
        ("mobile", DeviceKind.Mobile),
        ("phone", DeviceKind.Mobile),
        ("smartphone", DeviceKind.Mobile),
        ("ios", DeviceKind.Mobile),
        ("android", DeviceKind.Mobile),
        ("iphone", DeviceKind.Mobile),
        ("tablet", DeviceKind.Tablet),
        ("ipad", DeviceKind.Tablet),
        ("ipados", DeviceKind.Tablet),
    ]);

    public static DeviceKind FromType(ReadOnlySpan<byte> type)
    {
        const int longest = 16;
        if (type.IsEmpty)
        {
            return DeviceKind.Unknown;
        }

        if (type.Length > longest)
        {
            return DeviceKind.Other;
        }

        Span<byte> lower = stackalloc byte[longest];
        for (var i = 0; i < type.Length; i++)
        {
            lower[i] = type[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(type[i] | 0x20) : type[i];
        }

        var kind = Words.Find(lower[..type.Length]);
        return kind == DeviceKind.Unknown ? DeviceKind.Other : kind;
    }

    /// <summary>By the marks that browsers agree on: <c>Mobi</c> for phones; Android without it, or iPad, for tablets.</summary>
    public static DeviceKind FromUserAgent(ReadOnlySpan<byte> agent)
    {
        if (agent.IsEmpty)
        {
            return DeviceKind.Unknown;
        }

        if (agent.IndexOf("iPad"u8) >= 0 || agent.IndexOf("Tablet"u8) >= 0)
        {
            return DeviceKind.Tablet;
        }

        if (agent.IndexOf("Mobi"u8) >= 0 || agent.IndexOf("iPhone"u8) >= 0)
        {
            return DeviceKind.Mobile;
        }

        if (agent.IndexOf("Android"u8) >= 0)
        {
            return DeviceKind.Tablet;
        }

        return agent.IndexOf("Windows NT"u8) >= 0 || agent.IndexOf("Macintosh"u8) >= 0 || agent.IndexOf("X11"u8) >= 0
            ? DeviceKind.Desktop
            : DeviceKind.Other;
    }
}
