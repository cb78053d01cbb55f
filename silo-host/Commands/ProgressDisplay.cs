using System.Globalization;
using Spectre.Console;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Shows how far long work is: a bar with rate and time left on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class ProgressDisplay(CommandConsole console, TimeProvider time)
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work and shows its progress until it ends.</summary>
    public async Task<T> RunAsync<T>(string title, Func<ProgressSnapshot> read, Func<Task<T>> work)
    {
        var started = time.GetTimestamp();
        if (!console.IsTerminal)
        {
            var task = work();
            while (await Task.WhenAny(task, Task.Delay(LineEvery, time)) != task)
            {
                console.Error.WriteLine($"{title}: {Describe(read(), time.GetElapsedTime(started))}");
            }

            return await task;
        }

        return await console.Progress.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                var task = work();
                while (await Task.WhenAny(task, Task.Delay(DrawEvery, time)) != task)
                {
                    var snapshot = read();
                    bar.IsIndeterminate = snapshot.Fraction is null;
                    bar.Value = snapshot.Fraction ?? 0;
                    bar.Description = Markup.Escape($"{title} · {Describe(snapshot, time.GetElapsedTime(started))}");
                }

                return await task;
            });
    }

    /// <summary>Count, rate, percentage and time left in one line.</summary>
    public static string Describe(ProgressSnapshot snapshot, TimeSpan elapsed)
    {
        var parts = new List<string>();
        if (snapshot.Fraction is { } fraction)
        {
            parts.Add(fraction.ToString("0 %", CultureInfo.InvariantCulture));
        }

        if (snapshot.Unit.Length > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{snapshot.Count:N0} {snapshot.Unit}"));
            if (elapsed > TimeSpan.Zero)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{snapshot.Count / elapsed.TotalSeconds:N0} {snapshot.Unit}/s"));
            }
        }

        if (snapshot.Fraction is > 0.001 and < 1)
        {
            parts.Add($"{Human(elapsed * ((1 - snapshot.Fraction.Value) / snapshot.Fraction.Value))} left");
        }

        if (snapshot.Detail.Length > 0)
        {
            parts.Add(snapshot.Detail);
        }

        return string.Join(" · ", parts);
    }

    /// <summary>A span of time in its two largest units.</summary>
    public static string Human(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds):0} s"),
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
