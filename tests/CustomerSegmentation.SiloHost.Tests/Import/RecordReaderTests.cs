using CustomerSegmentation.SiloHost.Import;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.SiloHost.Tests.Import;

public sealed class RecordReaderTests
{
    [Fact]
    public void Fields_written_by_the_rules_are_read_back()
    {
        var field = Gen.Elements("", "a", " b ", "1.5", "x,y", "say \"hi\"", "\"", "two\nlines", "é😀", "\t");
        var record = field.ListOf().Where(fields => fields.Count > 1 && !fields.All(string.IsNullOrWhiteSpace)).Select(fields => fields.ToArray());
        Check.QuickThrowOnFailure(Prop.ForAll(record.ListOf().ToArbitrary(), records =>
        {
            var text = string.Join("\r\n", records.Select(fields => string.Join(',', fields.Select(Quote))));
            var reader = new RecordReader(new StringReader(text));
            foreach (var fields in records)
            {
                Assert.True(reader.Read());
                Assert.Null(reader.Fault);
                Assert.Equal(fields, reader.Fields);
            }

            Assert.False(reader.Read());
        }));
    }

    [Fact]
    public void Any_text_is_read_to_its_end_with_rising_lines()
    {
        var character = Gen.Elements(',', '"', '\n', '\r', 'a', ' ', '\0', ';');
        Check.QuickThrowOnFailure(Prop.ForAll(character.ArrayOf().ToArbitrary(), characters =>
        {
            var reader = new RecordReader(new StringReader(new string(characters)));
            var line = 0L;
            while (reader.Read())
            {
                Assert.True(reader.Line > line);
                line = reader.Line;
            }
        }));
    }

    [Fact]
    public void Unclosed_quote_breaks_its_own_line_only()
    {
        var reader = new RecordReader(new StringReader("a,\"b\nc,d\n\ne,f\n"));
        Assert.True(reader.Read());
        Assert.Equal((ImportCodes.UnclosedQuote, 1), (reader.Fault, reader.Line));
        Assert.True(reader.Read());
        Assert.Equal(2, reader.Line);
        Assert.Equal(["c", "d"], reader.Fields);
        Assert.True(reader.Read());
        Assert.Equal(4, reader.Line);
        Assert.False(reader.Read());
    }

    [Fact]
    public void Line_of_a_million_characters_is_a_fault_and_the_next_is_read()
    {
        var reader = new RecordReader(new StringReader(new string('x', 1_000_000) + "\na,b"));

        Assert.True(reader.Read());
        Assert.Equal(ImportCodes.LineTooLong, reader.Fault);
        Assert.True(reader.Text.Length <= BoundedLineReader.DefaultLineCharsMax + 1);
        Assert.True(reader.Read());
        Assert.Equal(["a", "b"], reader.Fields);
        Assert.Equal(2, reader.Line);
    }

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") >= 0 || field.Length == 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
