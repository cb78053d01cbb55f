using System.Globalization;
using System.Text;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Reads a table and sends its events: streaming, in bounded memory, each row accounted for in the report.</summary>
internal sealed class Importer(IEventSink sink, TimeProvider time, DateTimeOffset? earliest = null)
{
    private const int LaneCount = 4;
    private const int BatchEvents = 500;
    private const int RejectionBatch = 500;
    private const int PeekLines = 20;

    /// <summary>Events before this are taken for mistakes, such as a time of zero.</summary>
    public static readonly DateTimeOffset EarliestTime = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When every one of the first rows is rejected, the table is not what the options say.</summary>
    private const int HopelessRows = 1_000;

    private readonly SendLane[] _lanes = [.. Enumerable.Range(0, LaneCount).Select(_ => new SendLane(sink, BatchEvents))];
    private readonly OrderAssembler _assembler = new();
    private readonly EventBuilder _builder = new();
    private readonly List<IReadOnlyList<ImportedRow>> _completed = [];
    private readonly List<RejectionView> _rejections = [];
    private readonly ImportReport _report = new();
    private readonly long _earliestMs = Math.Max(EarliestTime.ToUnixTimeMilliseconds(), earliest?.ToUnixTimeMilliseconds() ?? long.MinValue);
    private string _source = "import";

    /// <summary>What has been done so far; read by progress displays while the import runs.</summary>
    public ImportReport Report => _report;

    /// <summary>Imports one table. An importer is used once.</summary>
    /// <exception cref="CommandFailure">The table cannot be read as the options say, or the system takes no events.</exception>
    public async Task<ImportReport> RunAsync(InputFile input, ImportOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        _source = $"import:{input.Name}";
        using var text = new StreamReader(input.Content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        var records = new RecordReader(text);
        try
        {
            if (Prepare(records, options) is { } interpreter)
            {
                while (records.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await TakeAsync(records, interpreter, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            await FinishAsync(cancellationToken);
            throw new CommandFailure(
                $"{input.Name} cannot be read on after line {records.Line}: {e.Message} (the {_report.Rows:N0} rows before it were imported)", e);
        }

        await FinishAsync(cancellationToken);
        _report.Elapsed = time.GetElapsedTime(started);
        return _report;
    }

    /// <summary>Finds the delimiter and the columns; null when the table is empty.</summary>
    private static IRowInterpreter? Prepare(RecordReader records, ImportOptions options)
    {
        var lines = records.Peek(PeekLines);
        if (!lines.Any(line => !string.IsNullOrWhiteSpace(line)))
        {
            throw new CommandFailure("the table is empty");
        }

        records.Delimiter = options.Delimiter ?? FieldDelimiter.Detect(lines);
        if (options.Format == ImportFormat.OnlineRetail)
        {
            records.Read();
            return new OnlineRetailRows(records.Fields);
        }

        var map = options.Map ?? throw new UsageError("--format csv needs --map customer=COLUMN,time=COLUMN[:FORMAT],…");
        if (!options.NoHeader && !(map.IsByNumber && !LooksLikeHeader(records, map, lines)))
        {
            records.Read();
            return new MappedRows(map.Time, map.Resolve(records.Fields, records.Fields.Count));
        }

        var columns = new RecordReader(new StringReader(lines.First(line => !string.IsNullOrWhiteSpace(line)))) { Delimiter = records.Delimiter };
        columns.Read();
        return new MappedRows(map.Time, map.Resolve(null, columns.Fields.Count));
    }

    /// <summary>With columns by number alone, the first line is a header when its time column holds no time.</summary>
    private static bool LooksLikeHeader(RecordReader records, ColumnMap map, IReadOnlyList<string> lines)
    {
        var first = new RecordReader(new StringReader(lines.First(line => !string.IsNullOrWhiteSpace(line)))) { Delimiter = records.Delimiter };
        first.Read();
        var column = map.Resolve(null, first.Fields.Count)[(int)ColumnRole.Time];
        return map.Time.Read(first.Fields[column].Trim()) is null;
    }

    private async ValueTask TakeAsync(RecordReader records, IRowInterpreter interpreter, CancellationToken cancellationToken)
    {
        _report.Rows++;
        var verdict = records.Fault is { } fault
            ? RowVerdict.Reject(fault, fault == ImportCodes.UnclosedQuote ? "a quote is opened and never closed" : "the line is longer than 64 K characters")
            : Check(interpreter.Interpret(records.Fields));
        if (verdict.Row is { } row)
        {
            if (!_assembler.Add(row, records.Text, _completed))
            {
                _report.DuplicateRows++;
            }

            await SendCompletedAsync(cancellationToken);
        }
        else if (verdict.IsRejected)
        {
            await RejectAsync(records, verdict, cancellationToken);
        }
        else
        {
            _report.RowsWithoutCustomer++;
        }
    }

    /// <summary>Times long ago or more than a day ahead of the clock are mistakes: one of them would shift what "recent" means for everybody.</summary>
    private RowVerdict Check(RowVerdict verdict)
    {
        if (verdict.Row is not { } row || (row.TimeMs >= _earliestMs && row.TimeMs <= time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds()))
        {
            return verdict;
        }

        var earliest = DateTimeOffset.FromUnixTimeMilliseconds(_earliestMs);
        return RowVerdict.Reject(
            ImportCodes.TimestampOutOfRange, string.Create(CultureInfo.InvariantCulture, $"the time is before {earliest:yyyy-MM-dd} or in the future"), row.CustomerId);
    }

    private async Task SendCompletedAsync(CancellationToken cancellationToken)
    {
        foreach (var rows in _completed)
        {
            var customer = rows[0].CustomerId;
            var hash = StableHash.Of(customer);
            var lane = _lanes[hash % LaneCount];
            _report.AddCustomer(hash);
            if (_builder.Identify(rows) is { } identify)
            {
                _report.Events++;
                await lane.AddAsync(customer, identify, cancellationToken);
            }

            var built = _builder.Build(rows);
            Count(built);
            await lane.AddAsync(customer, built, cancellationToken);
        }

        _completed.Clear();
    }

    private void Count(CustomerEvent built)
    {
        _report.Events++;
        switch (built.Kind)
        {
            case EventKind.OrderCompleted:
                _report.Orders++;
                _report.MoneyIn += built.Amount ?? 0;
                break;
            case EventKind.OrderRefunded:
                _report.Refunds++;
                _report.MoneyOut += built.Amount ?? 0;
                break;
        }
    }

    private async Task RejectAsync(RecordReader records, RowVerdict verdict, CancellationToken cancellationToken)
    {
        _report.AddRejection(verdict.Code!);
        _rejections.Add(new RejectionView
        {
            Time = time.GetUtcNow(),
            Source = _source,
            Code = verdict.Code!,
            Reason = Fields.Text(verdict.Reason!)!,
            CustomerId = verdict.CustomerId,
            Position = records.Line,
            Excerpt = Fields.Text(records.Text),
        });
        if (_report.Rows == HopelessRows && _report.RejectedRows == HopelessRows)
        {
            throw new CommandFailure(
                $"all of the first {HopelessRows:N0} rows were rejected, the last because {verdict.Reason} (line {records.Line}): check --format, --map and --delimiter");
        }

        if (_rejections.Count >= RejectionBatch)
        {
            await SendRejectionsAsync(cancellationToken);
        }
    }

    private async Task SendRejectionsAsync(CancellationToken cancellationToken)
    {
        if (_rejections.Count > 0)
        {
            await sink.RejectAsync([.. _rejections], cancellationToken);
            _rejections.Clear();
        }
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        _assembler.Flush(_completed);
        await SendCompletedAsync(cancellationToken);
        await SendRejectionsAsync(cancellationToken);
        var results = await Task.WhenAll(_lanes.Select(lane => lane.FinishAsync(cancellationToken)));
        var total = results.Aggregate((left, right) => left + right);
        _report.EventsAdded = total.Added;
        _report.EventsKnown = total.Known;
        _report.EventsOfErased = total.Erased;
        _report.EventsRefused = total.Refused;
        _report.EventsTaken = total.Taken;
    }
}
