using System.Text;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>
/// Cuts a delimited text into records, one at a time. Quoted fields may hold delimiters, doubled quotes and line breaks. A quote that is never closed
/// makes only its own line a broken record: the lines behind it are read as usual.
/// </summary>
/// <remarks>
/// CsvHelper, which writes the exports, is not used here: an unclosed quote makes it read on to the end of the file, and it knows no runs of white
/// space as a delimiter.
/// </remarks>
internal sealed class RecordReader
{
    /// <summary>A quoted field may go on over this many lines.</summary>
    private const int ContinuationLinesMax = 32;

    private readonly BoundedLineReader _lines;
    private readonly Queue<(string Text, long Line, bool TooLong)> _ahead = new();
    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();

    public RecordReader(TextReader reader)
    {
        _lines = new BoundedLineReader(reader);
    }

    /// <summary>What separates fields; set before the first record is read.</summary>
    public FieldDelimiter Delimiter { get; set; } = FieldDelimiter.Comma;

    /// <summary>The fields of the record that was read last; reused by the next read.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>The record's text; a quoted line break included.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The line on which the record begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why the record is broken, as a rejection code; null when it is well formed.</summary>
    public string? Fault { get; private set; }

    /// <summary>The next lines, without reading past them: for detection of the delimiter and of a header.</summary>
    public IReadOnlyList<string> Peek(int lines)
    {
        while (_ahead.Count < lines && _lines.Read(out var tooLong) is { } text)
        {
            _ahead.Enqueue((text, _lines.Line, tooLong));
        }

        return [.. _ahead.Take(lines).Select(ahead => ahead.Text)];
    }

    /// <summary>Reads the next record that is not blank; false at the end.</summary>
    public bool Read()
    {
        while (TryTake(out var line))
        {
            if (string.IsNullOrWhiteSpace(line.Text))
            {
                continue;
            }

            Text = line.Text;
            Line = line.Line;
            Fault = line.TooLong ? ImportCodes.LineTooLong : null;
            if (Fault is null && !Split(line.Text))
            {
                ReadContinuation(line.Text);
            }

            return true;
        }

        return false;
    }

    private void ReadContinuation(string first)
    {
        var text = new StringBuilder(first);
        var taken = new List<(string Text, long Line, bool TooLong)>();
        while (taken.Count < ContinuationLinesMax && text.Length <= BoundedLineReader.DefaultLineCharsMax && TryTake(out var next))
        {
            taken.Add(next);
            text.Append('\n').Append(next.Text);
            if (next.TooLong)
            {
                break;
            }

            if (next.Text.Contains('"', StringComparison.Ordinal) && Split(text.ToString()))
            {
                Text = text.ToString();
                return;
            }
        }

        Fault = ImportCodes.UnclosedQuote;
        var rest = _ahead.ToArray();
        _ahead.Clear();
        foreach (var line in taken.Concat(rest))
        {
            _ahead.Enqueue(line);
        }
    }

    private bool TryTake(out (string Text, long Line, bool TooLong) line)
    {
        if (_ahead.TryDequeue(out line))
        {
            return true;
        }

        var text = _lines.Read(out var tooLong);
        line = (text ?? "", _lines.Line, tooLong);
        return text is not null;
    }

    /// <summary>Cuts the text into <see cref="_fields"/>; false when a quote is open at its end.</summary>
    private bool Split(string text)
    {
        _fields.Clear();
        if (Delimiter.IsWhiteSpace)
        {
            _fields.AddRange(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return true;
        }

        var position = 0;
        while (true)
        {
            if (position < text.Length && text[position] == '"')
            {
                if (!TakeQuoted(text, ref position))
                {
                    return false;
                }
            }
            else
            {
                var end = text.IndexOf(Delimiter.Character, position);
                end = end < 0 ? text.Length : end;
                _fields.Add(text[position..end]);
                position = end;
            }

            if (position >= text.Length)
            {
                return true;
            }

            position++;
        }
    }

    /// <summary>Reads a field that begins with a quote; text between its closing quote and the next delimiter is kept as it stands.</summary>
    private bool TakeQuoted(string text, ref int position)
    {
        _field.Clear();
        position++;
        while (true)
        {
            var quote = text.IndexOf('"', position);
            if (quote < 0)
            {
                return false;
            }

            _field.Append(text, position, quote - position);
            position = quote + 1;
            if (position < text.Length && text[position] == '"')
            {
                _field.Append('"');
                position++;
                continue;
            }

            var end = text.IndexOf(Delimiter.Character, position);
            end = end < 0 ? text.Length : end;
            _field.Append(text, position, end - position);
            position = end;
            _fields.Add(_field.ToString());
            return true;
        }
    }
}
