using System.Text;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Reads lines ended by LF or CRLF and never holds more than a bounded number of characters of one.</summary>
internal sealed class BoundedLineReader(TextReader reader, int lineCharsMax = BoundedLineReader.DefaultLineCharsMax)
{
    public const int DefaultLineCharsMax = 64 * 1024;

    private readonly char[] _buffer = new char[32 * 1024];
    private readonly StringBuilder _partial = new();
    private int _start;
    private int _end;

    /// <summary>Number of the line that was returned last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The next line without its end, or null at the end of the text.</summary>
    /// <param name="tooLong">The line has more characters than allowed; what is returned is its beginning.</param>
    public string? Read(out bool tooLong)
    {
        tooLong = false;
        _partial.Clear();
        var any = false;
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = reader.Read(_buffer, 0, _buffer.Length);
                if (_end <= 0)
                {
                    _end = 0;
                    return any ? Finish() : null;
                }
            }

            any = true;
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest.IndexOf('\n');
            var piece = length < 0 ? rest : rest[..length];
            _start += length < 0 ? rest.Length : length + 1;
            var room = lineCharsMax + 1 - _partial.Length;
            if (piece.Length > room)
            {
                tooLong = true;
                piece = piece[..Math.Max(0, room)];
            }

            if (length >= 0 && _partial.Length == 0)
            {
                Line++;
                return Trimmed(piece);
            }

            _partial.Append(piece);
            if (length >= 0)
            {
                return Finish();
            }
        }
    }

    private string Finish()
    {
        Line++;
        if (_partial.Length > 0 && _partial[^1] == '\r')
        {
            _partial.Length--;
        }

        return _partial.ToString();
    }

    private static string Trimmed(ReadOnlySpan<char> piece) => new(piece is [.., '\r'] ? piece[..^1] : piece);
}
