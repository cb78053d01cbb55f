using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>From state to what readers see.</summary>
internal static class CustomerViews
{
    private const int TopCategoriesMax = 8;
    private const int ProductNamesMax = 5;

    public static CustomerView Create(CustomerState state, Segmentation? segmentation, EncoderView? encoder, long referenceMs)
    {
        var asOf = Math.Max(referenceMs, state.Features.LastSeenMs);
        var columns = FeatureSchema.Current.Columns;
        Span<float> vector = stackalloc float[columns.Count];
        state.Features.Materialize(asOf, vector);
        var features = new Dictionary<string, double>(columns.Count, StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            features[columns[i].Name] = vector[i];
        }
        return new CustomerView
        {
            Id = state.CustomerId,
            Segment = Membership(state.Assignment, segmentation),
            Features = features,
            Traits = state.Traits.Values,
            TopCategories = state.Features.TopCategories(TopCategoriesMax),
            Audiences = [.. state.Audiences.Select(a => a.Key)],
            Encoder = encoder,
            Sequence = state.Sequence,
            FirstSeen = DateTimeOffset.FromUnixTimeMilliseconds(state.Features.FirstSeenMs),
            LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(state.Features.LastSeenMs),
            AsOf = DateTimeOffset.FromUnixTimeMilliseconds(asOf),
            JoinedIds = [.. state.JoinedIds],
            Text = state.Texts?.Current is { } text ? new TextView { Model = text.Model, Texts = text.Count, Mean = text.ToArray() } : null,
        };
    }

    public static IReadOnlyList<AudienceChange> AudienceEntries(CustomerState state) =>
    [
        .. state.Audiences.Select(a => new AudienceChange
        {
            CustomerId = state.CustomerId, Audience = a.Key, Entered = true, Time = DateTimeOffset.FromUnixTimeMilliseconds(a.SinceMs),
        }),
    ];

    public static SegmentExplanation? Explain(CustomerState state, Segmentation segmentation, long referenceMs)
    {
        if (state.Assignment is not { } assignment || Membership(assignment, segmentation) is not { } membership)
        {
            return null;
        }
        Span<float> vector = stackalloc float[SegmentVector.SizeOf(segmentation)];
        SegmentVector.Write(segmentation, state, Math.Max(referenceMs, state.Features.LastSeenMs), vector);
        var choice = segmentation.Assign(vector, assignment.Segment);
        var contributions = segmentation.Explain(vector, choice, out var text);
        return new SegmentExplanation
        {
            CustomerId = state.CustomerId,
            Segment = membership,
            RunnerUp = choice.RunnerUp < 0 ? null : RunnerUp(segmentation, choice),
            Contributions = contributions,
            Text = text,
        };
    }

    public static TimelineItem Timeline(long sequence, CustomerEvent e) => new()
    {
        Sequence = sequence,
        Kind = e.Kind.ToString(),
        Name = e.Name,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(e.TimestampMs),
        OrderId = e.OrderId,
        Amount = e.Amount,
        Products = e.Products.Count,
        ProductNames = [.. e.Products.Take(ProductNamesMax).Select(p => p.Name ?? p.ProductId ?? "").Where(n => n.Length > 0)],
        Query = e.Query,
        Rating = e.Rating,
        Text = e.Text,
    };

    private static SegmentMembership RunnerUp(Segmentation segmentation, SegmentChoice choice) => new()
    {
        Key = segmentation.Segments[choice.RunnerUp].Key,
        Name = segmentation.Segments[choice.RunnerUp].Name,
        Probability = choice.RunnerUpProbability,
        Version = segmentation.Version,
    };

    private static SegmentMembership? Membership(SegmentAssignment? assignment, Segmentation? segmentation) => assignment is not { } a
        ? null
        : new SegmentMembership
        {
            Key = a.Segment,
            Name = segmentation?.Segments.FirstOrDefault(s => s.Key == a.Segment)?.Name ?? a.Segment,
            Probability = a.Probability,
            Since = DateTimeOffset.FromUnixTimeMilliseconds(a.SinceMs),
            Version = a.Version,
        };
}
