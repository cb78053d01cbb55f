using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Segments.Stored;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>The stored form of a segmentation version: Protocol Buffers, described in segmentation.proto.</summary>
internal static class SegmentationFormat
{
    // A version on embeddings, or on texts, has columns beyond those before: readers of an earlier format would look for them in vain.
    private const int FeaturesFormat = 1;
    private const int EmbeddingFormat = 2;
    private const int Format = 3;

    public static byte[] Write(SegmentationState state)
    {
        var stored = new StoredState
        {
            Format = state.Fitted is { TextSize: > 0 } ? Format : state.Fitted is { EmbeddingSize: > 0 } ? EmbeddingFormat : FeaturesFormat,
            Version = state.Version,
            Status = (int)state.Status,
            Request = Write(state.Request),
            StartedAtMs = state.StartedAtMs,
            Activation = state.Activation,
            Step = state.Step,
            AttemptsBefore = state.Attempt - 1,
            Fitted = state.Fitted is null ? null : Write(state.Fitted),
        };

        // Presence is what an optional field carries: null stays unset.
        if (state.FinishedAtMs is { } finished)
        {
            stored.FinishedAtMs = finished;
        }

        if (state.ActivatedAtMs is { } activated)
        {
            stored.ActivatedAtMs = activated;
        }

        if (state.Error is not null)
        {
            stored.Error = state.Error;
        }

        return stored.ToByteArray();
    }

    public static SegmentationState Read(ReadOnlySpan<byte> bytes)
    {
        StoredState stored;
        try
        {
            stored = StoredState.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new FormatException("The bytes are not a segmentation version.", exception);
        }

        if (stored.Format is < 1 or > Format)
        {
            throw new FormatException($"A segmentation version of format {stored.Format}; formats up to {Format} can be read.");
        }

        try
        {
            return new SegmentationState
            {
                Version = stored.Version,
                Status = (SegmentationStatus)stored.Status,
                Request = Read(stored.Request ?? new StoredRequest()),
                StartedAtMs = stored.StartedAtMs,
                FinishedAtMs = stored.HasFinishedAtMs ? stored.FinishedAtMs : null,
                ActivatedAtMs = stored.HasActivatedAtMs ? stored.ActivatedAtMs : null,
                Activation = stored.Activation,
                Step = stored.Step,
                Attempt = stored.AttemptsBefore + 1,
                Error = stored.HasError ? stored.Error : null,
                Fitted = stored.Fitted is null ? null : Read(stored.Version, stored.Fitted),
            };
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"Segmentation version {stored.Version} is inconsistent.", exception);
        }
    }

    private static StoredRequest Write(SegmentationRequest request)
    {
        var stored = new StoredRequest
        {
            MinSegments = request.MinSegments,
            MaxSegments = request.MaxSegments,
            Activate = request.Activate,
            Seed = request.Seed,
            RequestedBy = request.RequestedBy,
        };
        if (request.SegmentCount is { } count)
        {
            stored.SegmentCount = count;
        }

        return stored;
    }

    private static SegmentationRequest Read(StoredRequest stored) => new()
    {
        SegmentCount = stored.HasSegmentCount ? stored.SegmentCount : null,
        MinSegments = stored.MinSegments,
        MaxSegments = stored.MaxSegments,
        Activate = stored.Activate,
        Seed = stored.Seed,
        RequestedBy = stored.RequestedBy,
    };

    private static StoredSegmentation Write(Segmentation fitted)
    {
        var stored = new StoredSegmentation
        {
            SchemaHash = fitted.SchemaHash,
            Temperature = fitted.Temperature,
            StayMargin = fitted.StayMargin,
            ReferenceTimeMs = fitted.ReferenceTimeMs,
            Customers = fitted.Customers,
            Seed = fitted.Seed,
            Metrics = Write(fitted.Metrics),
        };
        stored.EmbeddingModel = fitted.EmbeddingModel;
        stored.EmbeddingSize = fitted.EmbeddingSize;
        stored.TextModel = fitted.TextModel;
        stored.TextSize = fitted.TextSize;
        if (fitted.Note is not null)
        {
            stored.Note = fitted.Note;
        }

        if (fitted.Previous is { } previous)
        {
            stored.Previous = previous;
        }

        stored.Columns.AddRange(fitted.Space.Columns.Select(Write));
        stored.Segments.AddRange(fitted.Segments.Select(Write));
        stored.Lineage.AddRange(fitted.Lineage.Select(Write));
        stored.Moves.AddRange(fitted.Moves.Select(Write));
        stored.KeysGiven.AddRange(fitted.KeysGiven);
        return stored;
    }

    private static Segmentation Read(int version, StoredSegmentation stored) =>
        new(version, stored.SchemaHash, new SegmentSpace([.. stored.Columns.Select(Read)]), [.. stored.Segments.Select(Read)], stored.Temperature)
        {
            StayMargin = stored.StayMargin,
            ReferenceTimeMs = stored.ReferenceTimeMs,
            Customers = stored.Customers,
            Seed = stored.Seed,
            Metrics = stored.Metrics is null ? new SegmentationMetrics() : Read(stored.Metrics),
            Previous = stored.HasPrevious ? stored.Previous : null,
            Lineage = [.. stored.Lineage.Select(Read)],
            Moves = [.. stored.Moves.Select(Read)],
            KeysGiven = [.. stored.KeysGiven],
            EmbeddingModel = stored.EmbeddingModel,
            EmbeddingSize = stored.EmbeddingSize,
            TextModel = stored.TextModel,
            TextSize = stored.TextSize,
            Note = stored.HasNote ? stored.Note : null,
        };

    private static StoredColumn Write(SegmentSpaceColumn column) => new()
    {
        Feature = column.Feature,
        Index = column.Index,
        Unit = column.Unit,
        IsLog = column.IsLog,
        Mean = column.Mean,
        Deviation = column.Deviation,
        Clip = column.Clip,
        Weight = column.Weight,
        Median = column.Median,
    };

    private static SegmentSpaceColumn Read(StoredColumn stored) => new()
    {
        Feature = stored.Feature,
        Index = stored.Index,
        Unit = stored.Unit,
        IsLog = stored.IsLog,
        Mean = stored.Mean,
        Deviation = stored.Deviation,
        Clip = stored.Clip,
        Weight = stored.Weight,
        Median = stored.Median,
    };

    private static StoredSegment Write(Segment segment)
    {
        var stored = new StoredSegment
        {
            Key = segment.Key,
            Name = segment.Name,
            Description = segment.Description,
            SizeAtFit = segment.SizeAtFit,
            MonetaryAtFit = segment.MonetaryAtFit,
            BornInVersion = segment.BornInVersion,
        };
        if (segment.Advice is not null)
        {
            stored.Advice = segment.Advice;
        }

        stored.Centroid.AddRange(segment.Centroid.ToArray());
        stored.Distinguishing.AddRange(segment.Distinguishing.Select(feature => new StoredFeature
        {
            Feature = feature.Feature,
            Effect = feature.Effect,
            Typical = feature.Typical,
            Overall = feature.Overall,
            Unit = feature.Unit,
        }));
        return stored;
    }

    private static Segment Read(StoredSegment stored) => new()
    {
        Key = stored.Key,
        Name = stored.Name,
        Description = stored.Description,
        Advice = stored.HasAdvice ? stored.Advice : null,
        Centroid = stored.Centroid.ToArray(),
        SizeAtFit = stored.SizeAtFit,
        MonetaryAtFit = stored.MonetaryAtFit,
        BornInVersion = stored.BornInVersion,
        Distinguishing =
        [
            .. stored.Distinguishing.Select(feature => new DistinguishingFeature
            {
                Feature = feature.Feature,
                Effect = feature.Effect,
                Typical = feature.Typical,
                Overall = feature.Overall,
                Unit = feature.Unit,
            }),
        ],
    };

    private static StoredMetrics Write(SegmentationMetrics metrics)
    {
        var stored = new StoredMetrics
        {
            SegmentCount = metrics.SegmentCount,
            MeanSquaredDistance = metrics.MeanSquaredDistance,
            Silhouette = metrics.Silhouette,
            Stability = metrics.Stability,
        };
        stored.Candidates.AddRange(metrics.Candidates.Select(candidate => new StoredCandidate
        {
            SegmentCount = candidate.SegmentCount,
            Silhouette = candidate.Silhouette,
            Stability = candidate.Stability,
            StabilityDeviation = candidate.StabilityDeviation,
        }));
        return stored;
    }

    private static SegmentationMetrics Read(StoredMetrics stored) => new()
    {
        SegmentCount = stored.SegmentCount,
        MeanSquaredDistance = stored.MeanSquaredDistance,
        Silhouette = stored.Silhouette,
        Stability = stored.Stability,
        Candidates =
        [
            .. stored.Candidates.Select(candidate => new SegmentCountScore
            {
                SegmentCount = candidate.SegmentCount,
                Silhouette = candidate.Silhouette,
                Stability = candidate.Stability,
                StabilityDeviation = candidate.StabilityDeviation,
            }),
        ],
    };

    private static StoredLineage Write(SegmentLineage lineage)
    {
        var stored = new StoredLineage { Change = lineage.Change, Key = lineage.Key };
        stored.Related.AddRange(lineage.Related);
        if (lineage.Retained is { } retained)
        {
            stored.Retained = retained;
        }

        return stored;
    }

    private static SegmentLineage Read(StoredLineage stored) => new()
    {
        Change = stored.Change,
        Key = stored.Key,
        Related = [.. stored.Related],
        Retained = stored.HasRetained ? stored.Retained : null,
    };

    private static StoredMove Write(SegmentFlow move)
    {
        var stored = new StoredMove { Customers = move.Customers };
        if (move.From is not null)
        {
            stored.From = move.From;
        }

        if (move.To is not null)
        {
            stored.To = move.To;
        }

        return stored;
    }

    private static SegmentFlow Read(StoredMove stored) => new()
    {
        From = stored.HasFrom ? stored.From : null,
        To = stored.HasTo ? stored.To : null,
        Customers = stored.Customers,
    };
}
