namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>The members of a call, a batch and a batch item that are read.</summary>
internal enum EventField : byte
{
    None = 0,
    Type,
    Event,
    Name,
    UserId,
    AnonymousId,
    MessageId,
    Timestamp,
    OriginalTimestamp,
    SentAt,
    Context,
    Channel,
    Properties,
    Traits,
    GroupId,
    PreviousId,
    WriteKey,
    Batch,
}
