using System.CommandLine;
using System.Globalization;
using CustomerSegmentation.SiloHost.Scoring;
using CustomerSegmentation.SiloHost.Simulation;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>simulate</c></summary>
internal static class SimulateCommand
{
    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var customers = Number("--customers", "How many visitors", 1_000, 1, 10_000_000);
        var rate = Number("--rate", "Live events a second", 100, 0, 1_000_000);
        var seed = Number("--seed", "Seed of every random choice", 1, int.MinValue, int.MaxValue);
        var history = Span("--history", "How far back the shop's history goes, such as 90d; 0 for none", "90d");
        var duration = Span("--duration", "How long to send live events, such as 60s; 0 for none [default: until Ctrl-C]", null);
        var truth = new Option<string>("--truth") { Description = "Where the hidden types go [default: truth.csv in the data folder]", HelpName = "FILE" };
        var url = GlobalOptions.ServiceUrl("The service [default: the one that holds the data folder]");
        var key = new Option<string>("--key") { Description = "The write key [default: from the data folder]" };
        var command = new Command("simulate", HelpText.Simulate) { customers, rate, seed, history, duration, truth, url, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var dataFolder = global.DataFolder(parsed);
            var sink = await services.Opener.ConnectSinkAsync(
                dataFolder, parsed.GetValue(url) is { } text ? new Uri(text) : null, parsed.GetValue(key), cancellationToken);
            var now = services.Time.GetUtcNow();
            var past = TimeText.ReadSpan(parsed.GetValue(history)!)!.Value;
            var shop = new ShopSimulation(new SimulationOptions
            {
                Customers = parsed.GetValue(customers), Seed = parsed.GetValue(seed), Start = now - past, HistoryDays = Math.Max(past.TotalDays, 1.0 / 24),
            });
            var traffic = new SimulationTraffic(shop, sink, services.Time);
            var truthPath = parsed.GetValue(truth) ?? Path.Combine(dataFolder, "truth.csv");
            await SendAsync(traffic, shop, now, past, truthPath, parsed.GetValue(rate), parsed.GetValue(duration), services, cancellationToken);
            return CommandLineApplication.Success;
        });
        return command;
    }

    private static async Task SendAsync(
        SimulationTraffic traffic, ShopSimulation shop, DateTimeOffset now, TimeSpan past, string truthPath, int rate, string? duration,
        CommandServices services, CancellationToken cancellationToken)
    {
        var startMs = (now - past).ToUnixTimeMilliseconds();
        if (past > TimeSpan.Zero)
        {
            await services.Progress.RunAsync(
                "history",
                () => new ProgressSnapshot(Math.Clamp((traffic.LastMs - startMs) / past.TotalMilliseconds, 0, 1), traffic.Sent, "events"),
                () => Task.Run(
                    async () =>
                    {
                        await traffic.SendHistoryAsync(now, cancellationToken);
                        return true;
                    },
                    cancellationToken));
        }

        await TruthFile.WriteAsync(truthPath, shop.Truth(), cancellationToken);
        services.Console.Output.WriteLine($"{traffic.Sent.ToString("N0", CultureInfo.InvariantCulture)} events of history sent; hidden types in {truthPath}");
        var historic = traffic.Sent;
        long Live() => traffic.Sent - historic;
        TimeSpan? span = duration is null ? null : TimeText.ReadSpan(duration);
        if (rate > 0 && span != TimeSpan.Zero)
        {
            await services.Progress.RunAsync(
                "live",
                () => new ProgressSnapshot(null, Live(), "events"),
                async () =>
                {
                    await traffic.SendLiveAsync(rate, span, cancellationToken);
                    return true;
                });
            await TruthFile.WriteAsync(truthPath, shop.Truth(), CancellationToken.None);
            services.Console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Live():N0} live events sent, {traffic.Sent:N0} in all"));
        }
    }

    private static Option<int> Number(string name, string description, int defaultValue, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && (value < min || value > max))
            {
                result.AddError($"{name} is a number from {min} to {max}");
            }
        });
        return option;
    }

    private static Option<string> Span(string name, string description, string? defaultValue)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "SPAN" };
        if (defaultValue is not null)
        {
            option.DefaultValueFactory = _ => defaultValue;
        }

        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && TimeText.ReadSpan(text) is null)
            {
                result.AddError($"{name}: '{text}' is not a span such as 90d, 12h, 30m or 45s");
            }
        });
        return option;
    }
}
