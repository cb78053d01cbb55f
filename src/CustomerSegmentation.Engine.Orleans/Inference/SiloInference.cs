using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>Runs the batches that other silos send through this silo's own encoder, where they share runs with each other and with whatever else this silo reads.</summary>
internal sealed class SiloInference(IEncoder encoder)
{
    private readonly Lock _gate = new();
    private EncoderModel? _current;
    private EncoderModel? _before;

    /// <summary>Never throws: a batch for a model that is not here, or that makes no sense, is refused.</summary>
    public async Task<EncodedBatch> EncodeAsync(EncoderBatch batch)
    {
        if (Find(batch.Model) is not { } model)
        {
            return new EncodedBatch { Refusal = $"runs {encoder.Model?.Id ?? "no model"}, not {batch.Model}" };
        }
        var requests = Array.ConvertAll(batch.Customers, customer => encoder.Rent(model, customer));
        try
        {
            batch.Unpack(model, requests);
            var running = Array.ConvertAll(requests, request => encoder.EncodeAsync(request));
            var outcomes = new EncoderOutcome[requests.Length];
            for (var i = 0; i < running.Length; i++)
            {
                outcomes[i] = await running[i];
            }
            return EncodedBatch.Pack(model, requests, outcomes);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return new EncodedBatch { Refusal = $"cannot read the batch: {e.Message}" };
        }
        finally
        {
            Array.ForEach(requests, encoder.Return);
        }
    }

    /// <summary>The current model, or the one before it: requests that were begun for that one are still on their way.</summary>
    private EncoderModel? Find(string id)
    {
        var now = encoder.Model;
        lock (_gate)
        {
            if (!ReferenceEquals(now, _current))
            {
                (_before, _current) = (_current ?? _before, now);
            }
            return _current?.Id == id ? _current : _before?.Id == id ? _before : null;
        }
    }
}
