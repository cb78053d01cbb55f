using System.Text;
using System.Text.Json;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Api.Tracking.Parsing;
using FsCheck;
using FsCheck.Fluent;
using static CustomerSegmentation.Api.Tests.Tracking.ParserHarness;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class ParserPropertyTests
{
    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\"batch\":[", "\"type\":\"track\"", "\"userId\":\"u\"", "\"event\":\"Order Completed\"",
        "\"properties\":{", "\"products\":[{", "\"price\":", "1e400", "-1", "NaN", "null", "true", "\"\\ud800\"", "\\u0000", "\u00e9", "😀",
        "\"context\":{\"traits\":{", "\"timestamp\":\"2026-01-01\"", "\"sentAt\":", " ", "\"a\":", "0.5", "\"traits\":{\"a\":1}",
    ];

    [Fact]
    public void Any_bytes_are_parsed_or_refused_and_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            foreach (var call in Enum.GetValues<TrackingCall>())
            {
                Parse(bytes, call);
                Parse([.. "{\"batch\":["u8, .. bytes, .. "]}"u8], call);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_sequence_of_fragments_of_events_is_parsed_or_refused_and_never_throws()
    {
        var bodies = Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(bodies, body =>
        {
            foreach (var text in new[] { body, "{" + body + "}", "{\"batch\":[{" + body + "}]}" })
            {
                Parse(Encoding.UTF8.GetBytes(text), TrackingCall.Batch);
                Parse(Encoding.UTF8.GetBytes(text), TrackingCall.Track);
            }
        }));
    }

    [Fact]
    public void Any_mix_of_good_and_bad_events_keeps_exactly_the_good_ones()
    {
        var bad = EventRejectionTests.BadEvents.Select(row => (string)row[0]).Concat(["7", "{\"userId\":NaN}", "{\"a\" 1}", "{\"properties\":{\"x\":Infinity}}"]).ToArray();
        var mixes = Gen.Choose(-bad.Length, bad.Length - 1).ListOf().ToArbitrary();
        Prop.ForAll(mixes, mix =>
        {
            var items = mix.Select((choice, index) => choice < 0
                ? $$"""{"type":"page","userId":"good","messageId":"{{index}}"}"""
                : bad[choice].Replace("{\"userId\"", "{\"type\":\"track\",\"userId\"", StringComparison.Ordinal));
            var parsed = Parse("{\"batch\":[" + string.Join(',', items) + "]}", TrackingCall.Batch, Limits with { BodyBytesMax = int.MaxValue });
            var expected = mix.Select((choice, index) => (choice, index)).Where(each => each.choice < 0).Select(each => $"{each.index}");
            Assert.Equal(expected, parsed.Requests.SelectMany(request => request.Events).Select(each => each.MessageId));
            Assert.Equal(mix.Count(choice => choice >= 0), parsed.Rejected.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_as_id_is_kept_as_it_is_or_refused() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), id =>
        {
            var isGood = id is { Length: >= 1 and <= 200 } && !id.Any(char.IsControl) && IsWhole(id);
            if (id is null || !IsWhole(id))
            {
                return;
            }

            var parsed = Parse($$"""{"userId":{{JsonSerializer.Serialize(id)}}}""", TrackingCall.Page);
            Assert.Equal(isGood ? [id] : [], parsed.Requests.Select(request => request.CustomerId));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_object_of_unknown_properties_is_kept_as_it_means() =>
        Prop.ForAll(ArbMap.Default.ArbFor<Dictionary<string, int>>(), properties =>
        {
            var named = properties.Where(each => IsWhole(each.Key)).ToDictionary(each => "x " + each.Key, each => each.Value);
            var kept = One(Custom(JsonSerializer.Serialize(named))).ExtraProperties;
            Assert.Equal(named, kept is null ? [] : JsonSerializer.Deserialize<Dictionary<string, int>>(kept));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parser_that_is_used_again_gives_what_a_new_one_gives()
    {
        var used = new TrackParser();
        foreach (var row in EventRejectionTests.BadEvents)
        {
            var body = Encoding.UTF8.GetBytes("{\"batch\":[" + (string)row[0] + "]}");
            used.Parse(body, body.Length, TrackingCall.Batch, Limits);
            used.Build(0);
            used.Release();
        }

        var sample = Encoding.UTF8.GetBytes(SampleBatch.Json(100));
        Assert.Null(used.Parse(sample, sample.Length, TrackingCall.Batch, Limits));
        var again = JsonSerializer.Serialize(used.Build(Received.ToUnixTimeMilliseconds()).Requests);
        Assert.Equal(JsonSerializer.Serialize(Parse(sample, TrackingCall.Batch).Parsed!.Requests), again);
    }

    private static bool IsWhole(string text) => text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
