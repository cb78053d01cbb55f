using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Dashboard.Tests.Fake;

/// <summary>Customers with timelines, among them ids and names that try to become markup.</summary>
internal sealed class FakeCustomers
{
    /// <summary>Would run a script if any of it were taken for markup.</summary>
    public const string Hostile = "<img src=x onerror=\"document.title='owned'\">";

    /// <summary>Characters that mean something in an address.</summary>
    public const string Awkward = "a/b c?d#e%f";

    private const int Count = 60;
    private readonly DateTimeOffset _now;
    private readonly SortedDictionary<string, CustomerView> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SegmentTransition>> _transitions = [];

    public FakeCustomers(DateTimeOffset now)
    {
        _now = now;
        var random = new Random(7);
        for (var i = 0; i < Count; i++)
        {
            var segment = FakeSegments.All[i % FakeSegments.All.Count];
            Add($"{12_347 + (i * 13)}", segment.Key, random);
        }

        Add(Hostile, "champions", random, Hostile);
        Add(Awkward, "new", random);
    }

    public IReadOnlyList<CustomerView> All => [.. _views.Values];

    public CustomerView? Find(string id) => _views.GetValueOrDefault(id);

    public IReadOnlyList<SegmentTransition> Transitions(string id) => _transitions[id];

    /// <summary>Moves a customer; the profile shows it from then on.</summary>
    public SegmentTransition Move(string id, string to)
    {
        var old = _views[id];
        var move = Transition(id, old.Segment?.Key, to, _now.AddSeconds(1), "event");
        _transitions[id].Insert(0, move);
        _views[id] = View(id, Membership(to, 0.74, _now.AddSeconds(1)), old.Features, old.Traits, old.TopCategories, old.Sequence + 1);
        return move;
    }

    public CustomerHistory History(string id, long? before, int limit)
    {
        var newest = _views[id].Sequence;
        var from = Math.Min(newest, (before ?? newest + 1) - 1);
        var items = new List<TimelineItem>();
        for (var sequence = from; sequence > 0 && items.Count < limit; sequence--) items.Add(Item(id, sequence));
        var next = from - items.Count > 0 ? items[^1].Sequence : (long?)null;
        return new CustomerHistory { Id = id, Items = items, Next = next, Transitions = _transitions[id] };
    }

    public SegmentExplanation? Explain(string id)
    {
        var view = _views[id];
        if (view.Segment is null) return null;
        return new SegmentExplanation
        {
            CustomerId = id,
            Segment = view.Segment,
            RunnerUp = Membership(view.Segment.Key == "loyal" ? "champions" : "loyal", 0.11, _now),
            Text = $"{view.Segment.Name}, mainly because of the value (5,812 against a typical 640) and of 14 orders.",
            Contributions =
            [
                new FeatureContribution { Feature = "monetary", Value = 5_812.4, Typical = 640, Weight = 0.48 },
                new FeatureContribution { Feature = "frequency", Value = 14, Typical = 2, Weight = 0.31 },
                new FeatureContribution { Feature = "recencyDays", Value = 9, Typical = 96, Weight = 0.17 },
                new FeatureContribution { Feature = "distinctProducts", Value = 96, Typical = 35, Weight = 0.12 },
                new FeatureContribution { Feature = "refundShare", Value = 0.08, Typical = 0.02, Weight = -0.08 },
            ],
        };
    }

    private void Add(string id, string segment, Random random, string? text = null)
    {
        var features = new Dictionary<string, double>
        {
            ["recencyDays"] = random.Next(1, 300),
            ["frequency"] = random.Next(1, 30),
            ["monetary"] = Math.Round(random.NextDouble() * 6_000, 2),
            ["tenureDays"] = random.Next(20, 700),
            ["averageOrderValue"] = 241.35,
            ["orderGapDays"] = 41.2,
            ["orderGapDeviationDays"] = 12.75,
            ["orders30d"] = 1.84,
            ["views7d"] = 12.6,
            ["discountShare"] = 0.062,
            ["refundShare"] = 0.018,
            ["basketUnits"] = 18.4,
            ["distinctProducts"] = 96,
            ["sessions"] = 41,
            ["sessionMinutes"] = 7.9,
            ["sundayShare"] = 0.21,
            ["mobileShare"] = 0.64,
            ["rating"] = 4.4,
            ["reviews"] = 5,
            ["searches30d"] = 3.2,
            ["hours08To12Share"] = 0.31,
            ["genderFemale"] = 1,
            ["marketingConsent"] = -1,
        };
        var traits = new Dictionary<string, string> { ["country"] = "United Kingdom", ["gender"] = "female", ["consent.email"] = "true" };
        if (text is not null) traits["name"] = text;
        IReadOnlyList<CategoryInterest> categories =
        [
            new() { Category = text ?? "Kitchen", Share = 0.44 },
            new() { Category = "Lanterns and candles", Share = 0.27 },
            new() { Category = "Party", Share = 0.12 },
        ];
        _transitions[id] =
        [
            Transition(id, "loyal", segment, _now.AddDays(-12), "event"),
            Transition(id, "new", "loyal", _now.AddDays(-95), "segmentation"),
            Transition(id, null, "new", _now.AddDays(-210), "event"),
        ];
        _views[id] = View(id, Membership(segment, 0.55 + (random.NextDouble() * 0.44), _now.AddDays(-12)), features, traits, categories, 47);
    }

    private CustomerView View(
        string id, SegmentMembership? segment, IReadOnlyDictionary<string, double> features, IReadOnlyDictionary<string, string> traits,
        IReadOnlyList<CategoryInterest> categories, long sequence) => new()
        {
            Id = id,
            Segment = segment,
            Features = features,
            Traits = traits,
            TopCategories = categories,
            Audiences = ["big-spenders"],
            Encoder = new EncoderView
            {
                Model = "shop 2",
                Probabilities = new Dictionary<string, IReadOnlyDictionary<string, double>>
                {
                    ["value"] = new Dictionary<string, double> { ["none"] = 0.2, ["lower"] = 0.1, ["higher"] = 0.7 },
                },
            },
            Sequence = sequence,
            FirstSeen = _now.AddDays(-210),
            LastSeen = _now.AddHours(-3),
            AsOf = _now,
            JoinedIds = ["anon-8c1f"],
        };

    private TimelineItem Item(string id, long sequence)
    {
        var time = _now.AddHours(-3).AddHours((sequence - 47) * 9);
        var name = id == Hostile ? Hostile : "Regency cakestand 3 tier";
        return (sequence % 6) switch
        {
            0 => new TimelineItem { Sequence = sequence, Kind = "ProductsSearched", Time = time, Query = id == Hostile ? Hostile : "cake stand" },
            1 => new TimelineItem { Sequence = sequence, Kind = "ProductViewed", Time = time, Products = 1, ProductNames = [name] },
            2 => new TimelineItem { Sequence = sequence, Kind = "ProductAdded", Time = time, Products = 1, ProductNames = [name] },
            3 => new TimelineItem
            {
                Sequence = sequence, Kind = "OrderCompleted", Time = time, OrderId = $"{536_000 + sequence}", Amount = 412.6, Products = 9,
                ProductNames = [name, "Jumbo bag red retrospot", "White hanging heart t-light holder"],
            },
            4 => new TimelineItem { Sequence = sequence, Kind = "ProductReviewed", Time = time, Rating = 4, Text = "Lovely, but the box was dented.", ProductNames = [name], Products = 1 },
            _ => new TimelineItem { Sequence = sequence, Kind = "Custom", Name = id == Hostile ? Hostile : "Newsletter opened", Time = time },
        };
    }

    private static SegmentTransition Transition(string id, string? from, string to, DateTimeOffset time, string cause) =>
        new() { CustomerId = id, From = from, To = to, Time = time, Version = 3, Cause = cause };

    private static SegmentMembership Membership(string key, double probability, DateTimeOffset since) => new()
    {
        Key = key,
        Name = FakeSegments.All.First(segment => segment.Key == key).Name,
        Probability = probability,
        Since = since,
        Version = 3,
    };
}
