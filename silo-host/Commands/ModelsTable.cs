using System.Globalization;
using CustomerSegmentation.Contracts.Models;
using Spectre.Console;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Models as a table for people.</summary>
internal static class ModelsTable
{
    public static void Print(ModelsView view, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("Version").AddColumn("Name and version").AddColumn("State").AddColumn("Added").AddColumn("Remarks");
        foreach (var model in view.Items)
        {
            table.AddRow(
                new Text(model.Version), new Text(model.Id), new Text(State(model)),
                new Text(model.Added is { } added ? added.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "ships with the program"),
                new Text(model.Reason ?? (model.Shadow is { } shadow ? Describe(shadow) : "")));
        }

        console.Write(table);
        if (view.Lacking is { } lacking)
        {
            console.WriteLine($"no model is active, so segments come from features alone: {lacking}");
        }

        if (view.Encoding is { } encoding)
        {
            console.WriteLine(Describe(encoding));
        }

        if (view.Text is { } text)
        {
            console.WriteLine(Describe(text));
        }
    }

    /// <summary>How a shadow compares, in words.</summary>
    public static string Describe(ShadowView shadow) => shadow.Compared == 0 ? "nothing compared yet" : string.Create(
        CultureInfo.InvariantCulture,
        $"{shadow.Compared:N0} compared, {shadow.Skipped:N0} left out, the same class in {shadow.Agreement:P1}, probabilities apart by {shadow.MeanDifference:0.000} (at most {shadow.MaxDifference:0.000})");

    private static string State(ModelView model) => model.Chosen && model.State is ("stored" or "refused") ? $"{model.State}, chosen" : model.State;

    private static string Describe(EncodingView encoding) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(encoding.Sweeping ? $"reading everybody: {encoding.Looked:N0} of {encoding.Customers:N0} customers looked at" : "everybody was looked at")}, {encoding.Waiting:N0} wait{(encoding.Paused is { } why ? $", paused: {why}" : "")}");

    private static string Describe(TextModelView text) => text.Id is not { } id ? $"texts stay unread: {text.Lacking}" : string.Create(
        CultureInfo.InvariantCulture,
        $"texts: {id} read {text.Embedded:N0} since the start and left out {text.LeftOut:N0}, {text.Waiting:N0} wait{(text.Lacking is { } why ? $"; a silo has none: {why}" : "")}");
}
