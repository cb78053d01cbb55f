using CsvHelper;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>
/// What a sequence model says of customers, as columns: <c>emb_0</c>, <c>emb_1</c>, …; for each head and class its probability, such as
/// <c>p_value_none</c>; and <c>model</c>, name and version. Every customer is read from the start, so the numbers depend on the events alone and not on when a
/// live customer was read. Cells are empty where there is nothing to read, or the model refuses it.
/// </summary>
internal sealed class ModelColumns(IEncoder encoder, EncoderModel model, TimeProvider time)
{
    /// <summary>Customers on their way through the model at once.</summary>
    public const int InFlightMax = 512;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public IEnumerable<string> Names =>
    [
        .. Enumerable.Range(0, model.EmbeddingSize).Select(i => FormattableString.Invariant($"emb_{i}")),
        .. model.Heads.SelectMany(head => head.Classes.Select(c => $"p_{head.Name}_{c}")),
        "model",
    ];

    /// <summary>Has a customer read; the request with the answer, to be given to <see cref="Write"/>, or null when there is none.</summary>
    /// <exception cref="InvalidOperationException">The model left meanwhile, or runs fail.</exception>
    public Task<EncoderRequest?> ReadAsync(string customerId, HistoryTokens history, ReadOnlySpan<float> features, CancellationToken cancellationToken)
    {
        if (history.Count == 0)
        {
            return Task.FromResult<EncoderRequest?>(null);
        }

        var request = encoder.Rent(model, EncoderReading.NumberOf(customerId));
        history.CopyTo(request);
        features.CopyTo(request.Features);
        return EncodeAsync(request, cancellationToken);
    }

    /// <summary>Writes the columns of one customer.</summary>
    public void Write(CsvWriter csv, EncoderRequest? answer)
    {
        if (answer is null)
        {
            for (var i = model.EmbeddingSize + model.ClassCount; i >= 0; i--)
            {
                csv.WriteField("");
            }

            return;
        }

        foreach (var number in answer.Embedding)
        {
            csv.WriteField(number, "R");
        }

        foreach (var number in answer.Probabilities)
        {
            csv.WriteField(number, "R");
        }

        csv.WriteField(model.Id);
        encoder.Return(answer);
    }

    private async Task<EncoderRequest?> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await encoder.EncodeAsync(request, cancellationToken))
            {
                case EncoderOutcome.Encoded:
                    return request;
                case EncoderOutcome.Refused:
                    encoder.Return(request);
                    return null;
                case EncoderOutcome.Busy:
                    await Task.Delay(Pause, time, cancellationToken);
                    break;
                case var outcome:
                    throw new InvalidOperationException($"{model.Id} does not read any more ({outcome}): {request.Reason ?? "another model took its place"}");
            }
        }
    }
}
