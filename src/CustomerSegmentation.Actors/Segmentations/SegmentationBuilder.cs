using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Makes a new version from the profile index: reads, chooses, fits, names and counts who would be where.</summary>
internal sealed class SegmentationBuilder(SegmentationPorts ports, SegmentationOptions options, SegmentationArchive archive)
{
    private static readonly FeatureSchema Schema = FeatureSchema.Current;

    // Where each step begins and ends in the progress of the whole.
    private static readonly Dictionary<string, (double From, double To)> Spans = new(StringComparer.Ordinal)
    {
        [SegmentationSteps.Reading] = (0, 0.15),
        [SegmentationSteps.Choosing] = (0.15, 0.45),
        [SegmentationSteps.Fitting] = (0.45, 0.6),
        [SegmentationSteps.Naming] = (0.6, 0.65),
        [SegmentationSteps.Previewing] = (0.65, AssigningFrom),
    };

    /// <summary>Progress of the whole when a fitted version begins to be assigned.</summary>
    public const double AssigningFrom = 0.75;

    /// <exception cref="SegmentationException">The customers are too few or too alike.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public async Task<Segmentation> BuildAsync(SegmentationWork work, int version, SegmentationRequest request)
    {
        var token = work.Token;
        var previous = ports.Active.Current?.Segmentation;
        await ports.BringUpToDate();
        var referenceTimeMs = ports.ReferenceTimeMs();
        var known = Math.Max(1, (await ports.Profiles.GetTotalsAsync(token)).Segments.Sum(total => total.Customers));

        void Report(string step, double part)
        {
            token.ThrowIfCancellationRequested();
            var (from, to) = Spans[step];
            work.Advance(step, from + (Math.Clamp(part, 0, 1) * (to - from)));
        }

        Report(SegmentationSteps.Reading, 0);
        var shares = new ShareDispatcher(ports.Workers, KeyRange.Cut(await ports.Profiles.GetLastKeyAsync(token), options.ShareRowsMax));
        var model = options.Space == SegmentationSpaceKind.Features ? null : ports.Encoder();
        var textModel = options.Text ? ports.TextEncoder() : null;
        var sample = await ReadAsync();
        var (note, textNote) = (NoteOn(model, sample), NoteOn(textModel, sample));
        textModel = textNote is null ? textModel : null;
        if (note is not null && model is not null)
        {
            model = null;
            if (textModel is not null)
            {
                // The texts' coordinates lie behind those that are left out.
                sample = await ReadAsync();
            }
        }
        ClusterFit fit;
        try
        {
            fit = await FitAsync();
        }
        finally
        {
            await shares.ForgetAsync(version);
        }

        async Task<ProfileSample> ReadAsync()
        {
            var columns = Schema.Count + (model?.EmbeddingSize ?? 0) + (textModel?.EmbeddingSize ?? 0);
            var rowsMax = (int)Math.Clamp(options.SampleBytesMax / (columns * sizeof(float)), 1, options.SampleRowsMax);
            var order = new SampleOrder(
                referenceTimeMs, request.Seed, SampleMerge.RankMax(known, rowsMax), model?.Id ?? "", model?.EmbeddingSize ?? 0, textModel?.Id ?? "",
                textModel?.EmbeddingSize ?? 0);
            var merge = new SampleMerge(columns, rowsMax);
            await shares.RunAsync(
                (worker, share, ct) => worker.SampleAsync(order, share, ct),
                (_, part) =>
                {
                    merge.Add(part);
                    Report(SegmentationSteps.Reading, (double)merge.Customers / known);
                },
                token);
            return merge.ToSample();
        }

        async Task<ClusterFit> FitAsync()
        {
            var fitter = new ClusterFitter(Columns(model, textModel), options);
            var start = fitter.Fit(sample.Rows, request, Report, token);
            var (centroids, distance) = await new ClusterRefinement(shares).RunAsync(
                start.Centroids,
                moved => new Segmentation(version, Schema.Hash, start.Space, Nameless(moved), temperature: 1)
                {
                    ReferenceTimeMs = referenceTimeMs,
                    EmbeddingModel = model?.Id ?? "",
                    EmbeddingSize = model?.EmbeddingSize ?? 0,
                    TextModel = textModel?.Id ?? "",
                    TextSize = textModel?.EmbeddingSize ?? 0,
                },
                part => Report(SegmentationSteps.Fitting, ClusterFitter.FittedPart + (part * (1 - ClusterFitter.FittedPart))),
                token);
            Report(SegmentationSteps.Fitting, 1);
            return fitter.Complete(start, centroids, distance, request, token);
        }

        Report(SegmentationSteps.Naming, 0);
        var keysGiven = await archive.KeysGivenAsync(token);
        var matching = SegmentMatching.Of(previous, sample, fit, model?.Id ?? "", textModel?.Id ?? "");
        var segments = Name(version, previous, sample, fit, matching, keysGiven);
        var draft = new Segmentation(version, Schema.Hash, fit.Space, segments, fit.Temperature)
        {
            StayMargin = options.StayMargin,
            ReferenceTimeMs = referenceTimeMs,
            Customers = sample.Customers,
            Seed = request.Seed,
            Metrics = fit.Metrics,
            Previous = previous?.Version,
            Lineage = previous is null ? [] : matching.Lineage([.. segments.Select(segment => segment.Key)]),
            EmbeddingModel = model?.Id ?? "",
            EmbeddingSize = model?.EmbeddingSize ?? 0,
            TextModel = textModel?.Id ?? "",
            TextSize = textModel?.EmbeddingSize ?? 0,
            Note = note is not null && textNote is not null ? $"{note} {textNote}" : note ?? textNote,
            KeysGiven = [.. keysGiven.Union(segments.Select(segment => segment.Key), StringComparer.Ordinal)],
        };

        Report(SegmentationSteps.Previewing, 0);
        return await PreviewAsync(draft, shares, read => Report(SegmentationSteps.Previewing, (double)read / known), token);
    }

    /// <summary>Why embeddings are left out although they were asked for; null where they are used or nobody asked.</summary>
    private string? NoteOn(EncoderModel? model, ProfileSample sample)
    {
        if (options.Space == SegmentationSpaceKind.Features)
        {
            return null;
        }
        return model is null ? "Features alone: there is no sequence model."
            : sample.Embedded < options.EmbeddedShareMin * sample.Customers
                ? $"Features alone: {sample.Embedded} of {sample.Customers} customers have an embedding of {model.Id}."
            : null;
    }

    /// <summary>Why texts are left out although they were asked for; null where they are used or nobody asked.</summary>
    private string? NoteOn(TextEncoderModel? model, ProfileSample sample)
    {
        if (!options.Text)
        {
            return null;
        }
        return model is null ? "Without texts: there is no text model."
            : sample.Wrote < options.TextShareMin * sample.Customers || sample.Wrote == 0
                ? $"Without texts: {sample.Wrote} of {sample.Customers} customers wrote something that {model.Id} read."
            : Schema.Count + model.EmbeddingSize + (ports.Encoder()?.EmbeddingSize ?? 0) > SegmentSpace.DimensionsMax
                ? $"Without texts: {model.Id} has {model.EmbeddingSize} numbers, and a space has room for {SegmentSpace.DimensionsMax} altogether."
            : null;
    }

    private IReadOnlyList<FeatureColumn> Columns(EncoderModel? model, TextEncoderModel? textModel) =>
    [
        .. model is not null && options.Space == SegmentationSpaceKind.Embedding ? [] : Schema.Columns,
        .. model is null ? [] : EmbeddingColumns.Of(Schema, model.EmbeddingSize),
        .. textModel is null ? [] : EmbeddingColumns.OfTexts(Schema, model?.EmbeddingSize ?? 0, textModel.EmbeddingSize),
    ];

    private static Segment[] Name(
        int version, Segmentation? previous, ProfileSample sample, ClusterFit fit, SegmentMatching matching, IReadOnlyList<string> keysGiven)
    {
        var profiles = SegmentProfiler.Profile(Schema.Columns, sample.Rows, fit.Labels, sample.Monetary, fit.Centroids.Rows);
        var former = matching.OldOfNew.Select(old => old < 0 ? null : previous!.Segments[old]).ToArray();
        var naming = new SegmentNaming(Schema.Columns);
        var named = naming.Name(profiles, former, [.. keysGiven]);
        return
        [
            .. named.Select((words, i) => new Segment
            {
                Key = words.Key,
                Name = words.Name,
                Description = words.Description,
                Advice = words.Advice,
                Centroid = fit.Centroids.Row(i).ToArray(),
                Distinguishing = naming.Distinguish(profiles[i]),
                BornInVersion = former[i]?.BornInVersion ?? version,
            }),
        ];
    }

    private static IReadOnlyList<Segment> Nameless(Matrix centroids) =>
    [
        .. Enumerable.Range(0, centroids.Rows).Select(i => new Segment
        {
            Key = $"cluster-{i}", Name = "", Description = "", Centroid = centroids.Row(i).ToArray(),
        }),
    ];

    /// <summary>Places everybody without writing it down: sizes, money and moves as an activation would make them.</summary>
    private static async Task<Segmentation> PreviewAsync(Segmentation draft, ShareDispatcher shares, Action<long> progress, CancellationToken token)
    {
        var parts = new PlacedShare[shares.Count];
        long read = 0;
        await shares.RunAsync(
            (worker, share, ct) => worker.PlaceAsync(draft, share, ct),
            (share, part) =>
            {
                parts[share] = part;
                progress(read += part.Read);
            },
            token);
        var sizes = new long[draft.Segments.Count];
        var money = new double[sizes.Length];
        var moves = new Dictionary<(string From, int To), long>();
        foreach (var part in parts)
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                sizes[i] += part.Sizes[i];
                money[i] += part.Money[i];
            }

            foreach (var (move, customers) in part.Moves)
            {
                moves[move] = moves.GetValueOrDefault(move) + customers;
            }
        }

        var segments = draft.Segments.Select((segment, i) => segment with { SizeAtFit = sizes[i], MonetaryAtFit = money[i] }).ToArray();
        return new Segmentation(draft.Version, draft.SchemaHash, draft.Space, segments, draft.Temperature)
        {
            StayMargin = draft.StayMargin,
            ReferenceTimeMs = draft.ReferenceTimeMs,
            Customers = draft.Customers,
            Seed = draft.Seed,
            Metrics = draft.Metrics,
            Previous = draft.Previous,
            Lineage = draft.Lineage,
            EmbeddingModel = draft.EmbeddingModel,
            EmbeddingSize = draft.EmbeddingSize,
            TextModel = draft.TextModel,
            TextSize = draft.TextSize,
            Note = draft.Note,
            KeysGiven = draft.KeysGiven,
            Moves =
            [
                .. moves
                    .OrderByDescending(move => move.Value)
                    .ThenBy(move => move.Key.From, StringComparer.Ordinal)
                    .ThenBy(move => move.Key.To)
                    .Select(move => new SegmentFlow
                    {
                        From = move.Key.From.Length == 0 ? null : move.Key.From,
                        To = segments[move.Key.To].Key,
                        Customers = move.Value,
                    }),
            ],
        };
    }
}
