namespace CustomerSegmentation.Api.Tracking;

/// <summary>The categories of refusals and warnings, as they stand in answers and in the rejections log. Never rename one.</summary>
internal static class RejectionCodes
{
    // The whole request.
    public const string InvalidJson = "invalid_json";
    public const string EmptyBody = "empty_body";
    public const string BodyTooLarge = "body_too_large";
    public const string InvalidEncoding = "invalid_encoding";
    public const string MissingBatch = "missing_batch";
    public const string TooManyEvents = "too_many_events";
    public const string InvalidWriteKey = "invalid_write_key";
    public const string RequestTimeout = "request_timeout";
    public const string Overloaded = "overloaded";
    public const string Unavailable = "unavailable";

    // One event.
    public const string EventTooLarge = "event_too_large";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string InvalidText = "invalid_text";
    public const string TooDeep = "too_deep";
    public const string TooManyProperties = "too_many_properties";
    public const string DuplicateProperty = "duplicate_property";
    public const string InvalidType = "invalid_type";
    public const string UnknownCall = "unknown_type";
    public const string NoId = "no_user_anon_id";
    public const string InvalidId = "invalid_id";
    public const string InvalidMessageId = "invalid_message_id";
    public const string MissingEventName = "missing_event_name";
    public const string InvalidEventName = "invalid_event_name";
    public const string MissingGroupId = "missing_group_id";
    public const string MissingPreviousId = "missing_previous_id";
    public const string InvalidTimestamp = "invalid_timestamp";
    public const string TimestampOutOfRange = "timestamp_out_of_range";
    public const string NumberOutOfRange = "number_out_of_range";
    public const string NegativeAmount = "negative_amount";
    public const string InvalidQuantity = "invalid_quantity";
    public const string InvalidRating = "invalid_rating";
    public const string Erased = "erased";

    // Warnings: the event was taken, but not all of it.
    public const string TextCut = "text_cut";
    public const string TooManyTraits = "too_many_traits";
    public const string InvalidTrait = "invalid_trait";
    public const string InvalidSentAt = "invalid_sent_at";
}
