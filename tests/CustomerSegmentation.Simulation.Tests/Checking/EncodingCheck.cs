using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Simulation.Tests.Encoders;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>Holds what encoders made of a customer against the customer's committed events.</summary>
internal sealed class EncodingCheck(SimulatedModels models)
{
    private readonly EncoderRequestPool _pool = new(keptMax: 1);

    public void Check(string id, List<CustomerEvent> events, CustomerState stored, ProfileRow row)
    {
        CheckTexts(id, events, stored, row);
        var known = stored.Encoder;
        Require(
            known is null || IsReading(id, events, known), Invariant.EmbeddingIsReading,
            () => $"what {known!.Model} made of {id} at event {known.Seen} is no reading of its {events.Count} events");
        var embedding = new float[known?.EmbeddingSize ?? 0];
        known?.CopyEmbedding(embedding);
        var isRead = !EncoderReading.IsDue(stored, models.Sequence!);
        Require(
            (!isRead && row.EmbeddingModel.Length == 0) || (row.EmbeddingModel == (known?.Model ?? "") && row.Embedding.Span.SequenceEqual(embedding)), Invariant.EmbeddingIsReading,
            () => $"the row of {id} has another embedding than its state");
        Require(
            isRead || Folding.IsPoison(stored.Ring.Tokens[^1]), Invariant.EverybodyIsRead,
            () => $"{models.Sequence!.Id} has not read {id}: {known?.Model} read {known?.Seen} of {stored.Ring.Total} events");
    }

    /// <summary>
    /// Whether reading anew gives the same: the events up to the last that was read, from where the state says that it began, and the features of that moment.
    /// It began no later than where the ring begins, so that nothing that is remembered was passed over.
    /// </summary>
    private bool IsReading(string id, List<CustomerEvent> events, EncoderState known)
    {
        var state = new CustomerState(id);
        List<EncoderToken> order = [];
        foreach (var e in events)
        {
            var (total, late) = (state.Ring.Total, state.Ring.LateCount);
            CustomerReplay.Apply(state, e);
            if (state.Ring.LateCount != late)
            {
                order = [.. state.Ring.Tokens];
            }
            else if (state.Ring.Total != total)
            {
                order.Add(state.Ring.Tokens[^1]);
            }

            // Several moments have seen as many events: traits change features alone.
            if (state.Ring.Total == known.Seen && state.Ring.LateCount == known.LateCount && IsReading(state, order, known))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsReading(CustomerState state, List<EncoderToken> order, EncoderState known)
    {
        var count = Folding.CountOf(known);
        if (count < state.Ring.Count || count > order.Count || order[^1].TimeMs != known.LastMs)
        {
            return false;
        }
        var version = int.Parse(known.Model.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        var request = _pool.Rent(Folding.ModelOf(version), 0);
        for (var i = order.Count - count; i < order.Count; i++)
        {
            request.Add(order[i]);
        }
        state.Features.Materialize(known.AsOfMs, request.Features);
        Folding.Compute(request, request.Model);
        var again = Numbers(new EncoderState(known.Model, request.StateOut, request.Embedding, request.Probabilities)
        {
            Seen = known.Seen, LateCount = known.LateCount, LastMs = known.LastMs, AsOfMs = known.AsOfMs,
        });
        _pool.Return(request);
        return again.AsSpan().SequenceEqual(Numbers(known));
    }

    private static void CheckTexts(string id, List<CustomerEvent> events, CustomerState stored, ProfileRow row)
    {
        foreach (var e in events.Where(e => e.TextEmbedding is not null))
        {
            var version = e.TextEmbedding!.Model.Split(' ')[1];
            var expected = ScriptedTextEncoder.Compute(ScriptedTextEncoder.ModelOf(version), e.Text!);
            Require(
                expected.Numbers.Span.SequenceEqual(e.TextEmbedding.Numbers.Span), Invariant.TextIsItsEmbedding,
                () => $"{e.MessageId} of {id} has the embedding of another text");
        }

        var mean = stored.Texts?.Current;
        Require(
            row.TextModel == (mean?.Model ?? "") && row.Text.Span.SequenceEqual(mean?.ToArray() ?? []), Invariant.TextIsItsEmbedding,
            () => $"the row of {id} has another mean of its texts than its state");
    }

    private static float[] Numbers(EncoderState state)
    {
        var numbers = new float[state.StateSize + state.EmbeddingSize + state.ClassCount];
        state.CopyState(numbers);
        state.CopyEmbedding(numbers.AsSpan(state.StateSize));
        state.CopyProbabilities(numbers.AsSpan(state.StateSize + state.EmbeddingSize));
        return numbers;
    }

    private static void Require(bool holds, Invariant invariant, Func<string> what) => ViolationException.ThrowUnless(holds, invariant, what);
}
