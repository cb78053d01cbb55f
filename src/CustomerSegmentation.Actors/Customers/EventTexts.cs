using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Events;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>
/// Has the texts of events embedded before their customers' turns: the embedding goes into the journal with its event, so turns stay synchronous and a replay
/// needs no model. Texts that are not embedded in time are taken without.
/// </summary>
public sealed class EventTexts(ITextEncoder encoder)
{
    /// <summary>The same requests, with the embeddings of what their events say. Never throws.</summary>
    public ValueTask<IReadOnlyList<TrackRequest>> EmbedAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken)
    {
        if (encoder.Model is null || Gather(requests) is not { } texts)
        {
            return new(requests);
        }
        return EmbedAsync(requests, texts, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<TrackRequest>> EmbedAsync(IReadOnlyList<TrackRequest> requests, List<string> texts, CancellationToken cancellationToken)
    {
        var embeddings = new TextEmbedding?[texts.Count];
        await encoder.EmbedAsync(texts, embeddings, cancellationToken);
        return Fill(requests, embeddings);
    }

    private static List<string>? Gather(IReadOnlyList<TrackRequest> requests)
    {
        List<string>? texts = null;
        for (var r = 0; r < requests.Count; r++)
        {
            var events = requests[r].Events;
            for (var i = 0; i < events.Count; i++)
            {
                if (EventText.ToEmbed(events[i]) is { } text)
                {
                    (texts ??= []).Add(text);
                }
            }
        }
        return texts;
    }

    private static TrackRequest[] Fill(IReadOnlyList<TrackRequest> requests, TextEmbedding?[] embeddings)
    {
        var filled = new TrackRequest[requests.Count];
        var next = 0;
        for (var r = 0; r < filled.Length; r++)
        {
            filled[r] = requests[r];
            CustomerEvent[]? copy = null;
            for (var i = 0; i < requests[r].Events.Count; i++)
            {
                var e = requests[r].Events[i];
                if (EventText.ToEmbed(e) is not null && embeddings[next++] is { } embedding)
                {
                    copy ??= [.. requests[r].Events];
                    copy[i] = e with { TextEmbedding = embedding };
                }
            }
            if (copy is not null)
            {
                filled[r] = new TrackRequest { CustomerId = requests[r].CustomerId, Events = copy };
            }
        }
        return filled;
    }
}
