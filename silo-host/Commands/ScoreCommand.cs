using System.CommandLine;
using System.Globalization;
using CustomerSegmentation.SiloHost.Scoring;
using Spectre.Console;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>score</c></summary>
internal static class ScoreCommand
{
    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var truth = new Option<string>("--truth") { Description = "A truth file as simulate writes it: customer_id,type", Required = true, HelpName = "FILE" };
        var command = new Command("score", "Compares the segments with the hidden types of a simulation: adjusted Rand index, mutual information, table") { truth, global.Url, global.Key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var types = TruthFile.Read(parsed.GetRequiredValue(truth));
            await using var access = await services.Opener.OpenAsync(global.Location(parsed), cancellationToken);
            var names = (await access.GetSegmentsAsync(cancellationToken)).Segments.ToDictionary(segment => segment.Key, segment => segment.Name);
            if (names.Count == 0)
            {
                throw new CommandFailure($"{access.Description} has no segments yet: run recluster first");
            }

            var table = new ContingencyTable();
            var unassigned = 0L;
            await foreach (var customer in access.ListCustomersAsync(cancellationToken))
            {
                if (!types.TryGetValue(customer.Id, out var type))
                {
                    continue;
                }

                if (customer.Segment is null)
                {
                    unassigned++;
                    continue;
                }

                table.Add(type, names.GetValueOrDefault(customer.Segment, customer.Segment));
            }

            if (table.Total == 0)
            {
                throw new CommandFailure($"no customer of the truth file has a segment in {access.Description}");
            }

            services.Console.Output.WriteLine(FormattableString.Invariant(
                $"{table.Total:N0} customers: adjusted Rand index {table.AdjustedRandIndex():0.000}, normalized mutual information {table.NormalizedMutualInformation():0.000}"));
            if (unassigned > 0)
            {
                services.Console.Output.WriteLine(FormattableString.Invariant($"{unassigned:N0} customers have no segment yet and are left out"));
            }

            Print(table, services.Console.Tables);
            return CommandLineApplication.Success;
        });
        return command;
    }

    private static void Print(ContingencyTable table, IAnsiConsole console)
    {
        var grid = new Table().Border(TableBorder.Simple).AddColumn("Type");
        foreach (var found in table.Found.Keys)
        {
            grid.AddColumn(new TableColumn(new Text(found)).RightAligned());
        }

        foreach (var truth in table.Truth.Keys)
        {
            grid.AddRow([new Text(truth), .. table.Found.Keys.Select(found => new Text(table[truth, found].ToString("N0", CultureInfo.InvariantCulture)))]);
        }

        console.Write(grid);
    }
}
