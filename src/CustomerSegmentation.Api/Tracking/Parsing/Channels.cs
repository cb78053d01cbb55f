using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Channels by the words that senders use for them.</summary>
internal static class Channels
{
    private static readonly Utf8NameTable<Channel> Words = new(
    [
        ("web", Channel.Web),
        ("browser", Channel.Web),
        ("website", Channel.Web),
        ("online", Channel.Web),
        ("mobile", Channel.MobileApp),
        ("app", Channel.MobileApp),
        ("mobile_app", Channel.MobileApp),
        ("mobileApp", Channel.MobileApp),
        ("ios", Channel.MobileApp),
        ("android", Channel.MobileApp),
        ("email", Channel.Email),
        ("store", Channel.Store),
        ("pos", Channel.Store),
        ("retail", Channel.Store),
        ("in_store", Channel.Store),
        ("service", Channel.Service),
        ("support", Channel.Service),
        ("phone", Channel.Service),
        ("server", Channel.Server),
        ("api", Channel.Server),
        ("sources", Channel.Server),
    ]);

    public static Channel FromValue(ref Utf8JsonReader reader, ParseScratch scratch) =>
        reader.TokenType == JsonTokenType.String ? Words.Find(scratch.Text(ref reader)) : Channel.Unknown;

    /// <summary>The channel that an SDK runs in, by its library name.</summary>
    public static Channel FromLibrary(ReadOnlySpan<byte> name)
    {
        if (Contains(name, "android"u8) || Contains(name, "ios"u8) || Contains(name, "swift"u8) || Contains(name, "kotlin"u8)
            || Contains(name, "react-native"u8) || Contains(name, "flutter"u8) || Contains(name, "cordova"u8) || Contains(name, "unity"u8))
        {
            return Channel.MobileApp;
        }

        if (Contains(name, "analytics.js"u8) || Contains(name, "analytics-next"u8) || Contains(name, "JavaScript"u8) || Contains(name, "browser"u8))
        {
            return Channel.Web;
        }

        return name.IsEmpty ? Channel.Unknown : Channel.Server;
    }

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.IndexOf(word) >= 0;
}
