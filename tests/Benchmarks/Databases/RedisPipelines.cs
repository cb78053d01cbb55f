using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CustomerSegmentation.Benchmarks.Journal;

namespace CustomerSegmentation.Benchmarks.Databases;

/// <summary>
/// What a plain Redis design does with a product view, for the features that the engine keeps of it: one pipeline of commands for a batch of events on each
/// connection, written as bytes, so that no client library costs anything. Counts and decayed sums are hashes, the recent events a list, recency a sorted set.
/// </summary>
internal static class RedisPipelines
{
    /// <summary>Commands for one event, with all that the engine keeps.</summary>
    public const int CommandsForAll = 18;

    /// <summary>Commands for one event that only drops duplicates, counts, ranks by recency and keeps the last events.</summary>
    public const int CommandsForFew = 5;

    public static async Task<TimeSpan> RunAsync(int port, Workload workload, int rows, int eventsPerPipeline, int connections, bool all)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(c => Task.Run(() => SendAsync(port, workload, rows, eventsPerPipeline, c, connections, all))));
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task SendAsync(int port, Workload workload, int rows, int eventsPerPipeline, int connection, int connections, bool all)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var (commands, answers) = (new StringBuilder(), new byte[1 << 16]);
        for (var from = connection * eventsPerPipeline; from + eventsPerPipeline <= rows; from += connections * eventsPerPipeline)
        {
            commands.Clear();
            for (var row = from; row < from + eventsPerPipeline; row++)
            {
                AppendEvent(commands, workload.Ids[workload[row].Customer], row, all);
            }

            await socket.SendAsync(Encoding.ASCII.GetBytes(commands.ToString()));
            for (var expected = eventsPerPipeline * (all ? CommandsForAll : CommandsForFew); expected > 0;)
            {
                var count = await socket.ReceiveAsync(answers);
                if (count == 0 || answers.AsSpan(0, count).Contains((byte)'-'))
                {
                    throw new InvalidOperationException($"Redis answers: {Encoding.ASCII.GetString(answers, 0, count)}");
                }

                expected -= Answers(answers.AsSpan(0, count));
            }
        }
    }

    /// <summary>Answers that begin in these bytes. Of the types that come back each begins with one of three characters, and no value holds these.</summary>
    private static int Answers(ReadOnlySpan<byte> bytes) => bytes.Count((byte)':') + bytes.Count((byte)'+') + bytes.Count((byte)'$');

    private static void AppendEvent(StringBuilder commands, string id, int message, bool all)
    {
        var product = (message % 2000).ToString(CultureInfo.InvariantCulture);
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var (features, ring) = ($"f:{id}", $"r:{id}");
        Append(commands, "SET", $"m:node-next-1721000000-{message:D8}", "1", "NX", "EX", "86400");
        Append(commands, "HINCRBY", features, "views", "1");
        Append(commands, "ZADD", "recency", time, id);
        Append(commands, "LPUSH", ring, $"v|{time}|p{product}|category-{message % 20}|12.5|1");
        Append(commands, "LTRIM", ring, "0", "31");
        if (!all)
        {
            return;
        }

        Append(commands, "HINCRBY", features, $"hour:{message % 24}", "1");
        Append(commands, "HINCRBY", features, $"day:{message % 7}", "1");
        Append(commands, "HINCRBY", features, "channel:server", "1");
        Append(commands, "HINCRBYFLOAT", features, "prices", "12.5");
        foreach (var halfLife in (ReadOnlySpan<string>)["1", "7", "30", "90"])
        {
            Append(commands, "HINCRBYFLOAT", features, $"views:{halfLife}d", "1.25");
        }

        Append(commands, "HSET", features, "last", time);
        Append(commands, "ZINCRBY", $"c:{id}", "1", $"category-{message % 20}");
        Append(commands, "PFADD", $"p:{id}", $"p{product}");
        Append(commands, "HSET", $"s:{id}", "end", time);
        Append(commands, "HINCRBY", $"s:{id}", "depth", "1");
    }

    private static void Append(StringBuilder commands, params ReadOnlySpan<string> words)
    {
        commands.Append('*').Append(words.Length).Append("\r\n");
        foreach (var word in words)
        {
            commands.Append('$').Append(word.Length).Append("\r\n").Append(word).Append("\r\n");
        }
    }
}
