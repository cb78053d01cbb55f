using CsvHelper;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>
/// The mean of what the text model made of a customer's texts, as columns <c>text_0</c>, <c>text_1</c>, … Texts are not read anew: one that came while there was
/// another model, or none, does not count. Cells are empty where no text counts, since zero would be a meaning.
/// </summary>
internal sealed class TextColumns(TextEncoderModel model)
{
    public IEnumerable<string> Names => Enumerable.Range(0, model.EmbeddingSize).Select(i => FormattableString.Invariant($"text_{i}"));

    /// <summary>The numbers of one customer, to be given to <see cref="Write"/>; null where no text counts.</summary>
    public TextMean? Read(CustomerState state) => state.Texts?.Of(model.Id, model.EmbeddingSize);

    /// <summary>Writes the columns of one customer.</summary>
    public void Write(CsvWriter csv, TextMean? mean)
    {
        if (mean is null)
        {
            for (var i = 0; i < model.EmbeddingSize; i++)
            {
                csv.WriteField("");
            }

            return;
        }

        foreach (var number in mean.ToArray())
        {
            csv.WriteField(number, "R");
        }
    }
}
