using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>Customers with events, states and features from a seed.</summary>
internal static class Customers
{
    public static EncoderToken[] Tokens(int seed, int count)
    {
        var random = new Random(seed);
        var timeMs = 1_700_000_000_000 + random.NextInt64(1_000_000_000);
        return [.. Enumerable.Range(0, count).Select(_ => new EncoderToken
        {
            TimeMs = timeMs += random.NextInt64(1, 3_000_000),
            Kind = (EventKind)random.Next(17),
            Channel = (Channel)random.Next(7),
            Device = (DeviceKind)random.Next(5),
            Discounted = random.Next(2) == 0,
            LogAmount = random.NextSingle() * 5,
            Quantity = (ushort)random.Next(20),
            CategoryHash = (ushort)random.Next(65_536),
            ProductHash = (uint)random.Next(),
        })];
    }

    /// <summary>A request from the start of a customer's history.</summary>
    public static EncoderRequest Request(EncoderModel model, int seed, int events, ulong customer = 0)
    {
        var request = new EncoderRequest();
        request.Begin(model, customer);
        request.Add(Tokens(seed, events));
        WriteFeatures(request, seed);
        return request;
    }

    public static void WriteFeatures(EncoderRequest request, int seed)
    {
        var random = new Random(seed);
        foreach (ref var feature in request.Features)
        {
            feature = 0.5f + random.NextSingle();
        }
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance = 1e-4f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i}: {expected[i]} and {actual[i]}");
        }
    }
}
