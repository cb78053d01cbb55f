using System.Text;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>Records for tests; what a test does not care about has a fixed value.</summary>
public static class Records
{
    /// <summary>2025-01-01 00:00 UTC in milliseconds since 1970-01-01 UTC.</summary>
    public const long StartMs = 1_735_689_600_000;

    public const long HourMs = 3_600_000;

    /// <summary>An append whose payload names customer and sequence number, so that a mix-up shows.</summary>
    public static JournalAppend Append(string customerId, long first, int count = 1, long key = 0, JournalAppend? previous = null) =>
        new(customerId, key, first, count, Payload(customerId, first), StartMs + first, StartMs + first + count - 1) { Previous = previous };

    public static byte[] Payload(string customerId, long first) => Encoding.UTF8.GetBytes($"events of {customerId} from {first}");

    public static ProfileAssignment Assignment(
        string segment, long activation = 1, long key = 0, int version = 1, double probability = 0.75, long sinceMs = StartMs) =>
        new(key, segment, version, activation, probability, sinceMs);

    public static CustomerCheckpoint Checkpoint(
        string customerId,
        long key,
        long sequence,
        ProfileAssignment? assignment = null,
        double monetary = 0,
        long dueMs = long.MaxValue,
        IReadOnlyList<string>? audiences = null,
        string state = "state") => new()
        {
            CustomerId = customerId,
            CustomerKey = key,
            Sequence = sequence,
            State = Encoding.UTF8.GetBytes($"{state} of {customerId} at {sequence}"),
            Profile = new ProfileRow
            {
                CustomerId = customerId,
                CustomerKey = key,
                Vector = new float[] { sequence, 0.5f, -1f, float.NaN },
                SchemaHash = "schema-1",
                AsOfMs = StartMs + sequence,
                Assignment = assignment is null ? null : assignment with { CustomerKey = key },
                Monetary = monetary,
                Orders = sequence,
                FirstSeenMs = StartMs,
                LastSeenMs = StartMs + sequence,
                DueMs = dueMs,
                Embedding = sequence % 2 == 0 ? Array.Empty<float>() : new float[] { 0.25f, 0, -sequence },
                EmbeddingModel = sequence % 2 == 0 ? "" : $"default {sequence}",
                Text = sequence % 2 == 0 ? Array.Empty<float>() : new float[] { -sequence, 0.5f },
                TextModel = sequence % 2 == 0 ? "" : $"text {sequence}",
                Audiences = audiences ?? [],
            },
        };

    public static RejectionView Rejection(string reason, string? customerId = null) => new()
    {
        Time = DateTimeOffset.FromUnixTimeMilliseconds(StartMs),
        Source = "api",
        Code = "invalid_timestamp",
        Reason = reason,
        CustomerId = customerId,
        MessageId = "m-1",
        Position = 3,
        Excerpt = "{\"a\":\0}",
    };
}
