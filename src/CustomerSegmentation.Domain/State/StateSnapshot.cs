using System.Buffers;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// A customer's state as bytes: an envelope with schema version, customer id and a hash of the body, so that damage is noticed before anything is believed,
/// and the customer can still be named.
/// </summary>
internal static class StateSnapshot
{
    /// <summary>Readers refuse a higher number; fields may be added without raising it.</summary>
    private const uint SchemaVersion = 1;

    public static void Write(CustomerState state, IBufferWriter<byte> writer) => Envelope(state).WriteTo(writer);

    public static byte[] ToBytes(CustomerState state) => Envelope(state).ToByteArray();

    public static CustomerState Read(ReadOnlySpan<byte> bytes)
    {
        string? customerId = null;
        try
        {
            var envelope = SnapshotRecord.Parser.ParseFrom(bytes);
            customerId = envelope.CustomerId.Length == 0 ? null : envelope.CustomerId;
            if (envelope.Schema is 0 or > SchemaVersion)
            {
                throw new FormatException($"it has schema {envelope.Schema}; this version reads 1 to {SchemaVersion}.");
            }

            if (customerId is null)
            {
                throw new FormatException("it names no customer.");
            }

            if (StableHash.Of(envelope.Body.Span) != envelope.BodyHash)
            {
                throw new FormatException($"its {envelope.Body.Length} bytes are not those that were written.");
            }

            return FromRecord(customerId, StateRecord.Parser.ParseFrom(envelope.Body));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
        {
            throw new CorruptStateException(customerId, e.Message, e);
        }
    }

    private static SnapshotRecord Envelope(CustomerState state)
    {
        var body = ToRecord(state).ToByteArray();
        return new SnapshotRecord
        {
            Schema = SchemaVersion,
            CustomerId = state.CustomerId,
            BodyHash = StableHash.Of(body),
            Body = UnsafeByteOperations.UnsafeWrap(body),
        };
    }

    private static StateRecord ToRecord(CustomerState state)
    {
        var record = new StateRecord
        {
            Sequence = state.Sequence,
            Features = state.Features.ToRecord(),
            Duplicates = state.Duplicates.ToRecord(),
            Ring = state.Ring.ToRecord(),
            Encoder = state.Encoder?.ToRecord(),
        };
        state.Traits.Write(record.Traits);
        state.Texts?.Write(record.Texts);
        if (state.Assignment is { } a)
        {
            record.Assignment = new AssignmentRecord
            {
                Segment = a.Segment, Version = a.Version, Activation = a.Activation, Probability = a.Probability, SinceMs = a.SinceMs,
            };
        }

        state.TransitionLog.Write(record.Transitions);
        record.JoinedIds.Add(state.JoinedIds);
        record.PendingJoins.Add(state.PendingJoins);
        if (state.MergedInto is not null)
        {
            record.MergedInto = state.MergedInto;
        }

        foreach (var audience in state.Audiences)
        {
            record.Audiences.Add(new MembershipRecord { Key = audience.Key, Revision = audience.Revision, SinceMs = audience.SinceMs });
        }

        if (state.DueMs != long.MaxValue)
        {
            record.DueMs = state.DueMs;
        }

        return record;
    }

    private static CustomerState FromRecord(string customerId, StateRecord record)
    {
        var state = new CustomerState(
            customerId, CustomerFeatures.FromRecord(record.Features), DuplicateWindow.FromRecord(record.Duplicates), EventRing.FromRecord(record.Ring))
        {
            Sequence = record.Sequence,
            MergedInto = record.HasMergedInto ? record.MergedInto : null,
            DueMs = record.HasDueMs ? record.DueMs : long.MaxValue,
            Encoder = EncoderState.FromRecord(record.Encoder),
            Texts = TextMeans.Read(record.Texts),
        };
        state.Traits.Read(record.Traits);
        if (record.Assignment is { } a)
        {
            state.Assignment = new SegmentAssignment(NamePool.Share(a.Segment), a.Version, a.Activation, a.Probability, a.SinceMs);
        }

        state.TransitionLog.Read(record.Transitions);
        state.RestoreLists(
            record.JoinedIds,
            record.PendingJoins,
            record.Audiences.Select(m => new AudienceMembership(NamePool.Share(m.Key), m.Revision, m.SinceMs)));
        return state;
    }
}
