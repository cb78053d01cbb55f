using CsvHelper;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>Writes exports from the journal, in the storage's order of customers; memory is bounded by one customer.</summary>
internal static class TableExport
{
    /// <param name="request">What to export.</param>
    /// <param name="journal">Everything that happened.</param>
    /// <param name="referenceMs">The shop's clock: the reference time when the request has none.</param>
    /// <param name="encoder">Gives the columns of the sequence model where it has one.</param>
    /// <param name="texts">Gives the columns of the text model where it has one.</param>
    /// <param name="time">Clock of pauses.</param>
    /// <param name="output">Receives CSV text in UTF-8; left open.</param>
    /// <param name="progress">Counts rows and bytes.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    public static async Task WriteAsync(
        ExportRequest request, IJournal journal, long referenceMs, IEncoder encoder, ITextEncoder texts, TimeProvider time, Stream output,
        ExportProgress progress, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(output, CsvText.Options, leaveOpen: true);
        var range = request.Range;
        IJournalTable table = request.Kind == ExportKind.Features
            ? new FeatureTable(
                csv, range.BeforeMs, request.AsOf is null ? referenceMs : range.BeforeMs,
                !request.FeaturesOnly && texts.Model is { } textModel ? new TextColumns(textModel) : null,
                !request.FeaturesOnly && encoder.Model is { } model ? new ModelColumns(encoder, model, time) : null)
            : new EventTable(csv, range);
        table.WriteHeader();
        await foreach (var record in journal.ScanAsync(request.Kind == ExportKind.Features ? JournalRange.All : range, cancellationToken))
        {
            if (await table.AddAsync(record, cancellationToken) is > 0 and var rows)
            {
                progress.AddRows(rows);
            }
        }

        progress.AddRows(await table.FinishAsync(cancellationToken));
        await csv.FlushAsync(cancellationToken);
    }
}
