using System.Runtime.InteropServices;
using System.Runtime.Serialization;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>
/// Requests of many customers on their way to a silo that runs their model. Numbers lie one request after the other, as the bytes of little-endian floats, which
/// travel as they are. Immutable.
/// </summary>
[DataContract]
public sealed class EncoderBatch
{
    /// <summary>Name and version of the model.</summary>
    [DataMember(Order = 0)] public required string Model { get; init; }

    /// <summary>The customers' numbers (see <see cref="EncoderReading.NumberOf"/>), one a request.</summary>
    [DataMember(Order = 1)] public required ulong[] Customers { get; init; }

    /// <summary>Events of each request.</summary>
    [DataMember(Order = 2)] public required int[] EventCounts { get; init; }

    /// <summary>Rows of events, <see cref="TokenLayout.Columns"/> numbers each.</summary>
    [DataMember(Order = 3)] public required byte[] Events { get; init; }

    /// <summary>Whether a request starts a history; its state is then left out.</summary>
    [DataMember(Order = 4)] public required bool[] FromStart { get; init; }

    /// <summary>States before the events, of the requests that continue a history.</summary>
    [DataMember(Order = 5)] public required byte[] States { get; init; }

    /// <summary>Features, one vector a request.</summary>
    [DataMember(Order = 6)] public required byte[] Features { get; init; }

    /// <summary>Packs requests of one model; they are read, not kept.</summary>
    internal static EncoderBatch Pack(EncoderModel model, IReadOnlyList<EncoderRequest> requests)
    {
        var (events, continued) = (0, 0);
        foreach (var request in requests)
        {
            events += request.Events.Length;
            continued += request.IsFromStart ? 0 : 1;
        }
        var batch = new EncoderBatch
        {
            Model = model.Id,
            Customers = new ulong[requests.Count],
            EventCounts = new int[requests.Count],
            Events = new byte[events * sizeof(float)],
            FromStart = new bool[requests.Count],
            States = new byte[continued * model.StateSize * sizeof(float)],
            Features = new byte[requests.Count * model.FeatureColumns * sizeof(float)],
        };
        var intoEvents = batch.Events.AsSpan();
        var intoStates = batch.States.AsSpan();
        var intoFeatures = batch.Features.AsSpan();
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            batch.Customers[i] = request.Customer;
            batch.EventCounts[i] = request.EventCount;
            batch.FromStart[i] = request.IsFromStart;
            intoEvents = Write(request.Events, intoEvents);
            intoFeatures = Write(request.Features, intoFeatures);
            if (!request.IsFromStart)
            {
                intoStates = Write(request.State, intoStates);
            }
        }
        return batch;
    }

    /// <summary>Fills requests that were begun for the model with what <see cref="Pack"/> packed.</summary>
    /// <exception cref="ArgumentException">The numbers are not those of such a model.</exception>
    internal void Unpack(EncoderModel model, IReadOnlyList<EncoderRequest> into)
    {
        var events = Numbers(Events);
        var states = Numbers(States);
        var features = Numbers(Features);
        for (var i = 0; i < into.Count; i++)
        {
            if (!FromStart[i])
            {
                into[i].Continue(Take(ref states, model.StateSize), 0);
            }
            into[i].AddRows(Take(ref events, EventCounts[i] * TokenLayout.Columns));
            Take(ref features, model.FeatureColumns).CopyTo(into[i].Features);
        }
    }

    internal static Span<byte> Write(ReadOnlySpan<float> numbers, Span<byte> into)
    {
        var bytes = MemoryMarshal.AsBytes(numbers);
        bytes.CopyTo(into);
        return into[bytes.Length..];
    }

    internal static ReadOnlySpan<float> Numbers(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes);

    internal static ReadOnlySpan<float> Take(ref ReadOnlySpan<float> from, int count)
    {
        if (count > from.Length)
        {
            throw new ArgumentException($"A batch holds {from.Length} numbers where {count} belong.");
        }
        var taken = from[..count];
        from = from[count..];
        return taken;
    }
}
