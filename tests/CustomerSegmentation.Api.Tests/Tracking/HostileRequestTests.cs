using System.Net;
using System.Net.Sockets;
using System.Text;
using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Api.Tracking;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class HostileRequestTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_of_a_gigabyte_is_answered_at_the_bound_and_not_read_to_its_end(bool isChunked)
    {
        await using var server = await ApiServer.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        var stream = socket.GetStream();
        var length = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Gigabyte}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/batch HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n"));
        var answer = ReadStatusAsync(stream);
        var sent = await PumpAsync(stream, isChunked, answer);
        Assert.Equal("HTTP/1.1 400 Bad Request", await answer);
        Assert.InRange(sent, 0, Gigabyte / 8);
        Assert.Equal(0, server.Services.GetRequiredService<InFlightGate>().Bytes);
        Assert.Equal(HttpStatusCode.OK, (await server.TrackAsync("/v1/page", """{"userId":"u"}""")).StatusCode);
    }

    [Fact]
    public async Task Any_body_on_any_path_is_answered_and_never_with_500()
    {
        await using var server = await ApiServer.StartAsync();
        var requests = Gen.Elements(TrackingRoutes.All.Select(route => route.Path))
            .SelectMany(path => ArbMap.Default.GeneratorFor<byte[]>(), (path, body) => (path, body)).ToArbitrary();
        Prop.ForAll(requests, request =>
        {
            using var answer = server.SendAsync(request.path, new ByteArrayContent(request.body)).GetAwaiter().GetResult();
            Assert.InRange((int)answer.StatusCode, 200, 400);
        }).QuickCheckThrowOnFailure();
        Assert.Equal(0, server.Services.GetRequiredService<InFlightGate>().Requests);
    }

    [Fact]
    public async Task Bytes_beyond_those_in_flight_are_told_to_come_again()
    {
        await using var server = await ApiServer.StartAsync();
        var gate = server.Services.GetRequiredService<InFlightGate>();
        var max = new ApiOptions().BodyBytesInFlightMax;
        Assert.True(gate.TryReserve(max - 1024));
        using (var refused = await server.TrackAsync("/v1/page", """{"userId":"u"}"""))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        gate.Free(max - 1024);
        Assert.Equal(HttpStatusCode.OK, (await server.TrackAsync("/v1/page", """{"userId":"u"}""")).StatusCode);
        Assert.Equal(0, gate.Bytes);
    }

    private static async Task<string?> ReadStatusAsync(NetworkStream stream)
    {
        var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync();
    }

    private static async Task<long> PumpAsync(NetworkStream stream, bool isChunked, Task answer)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)' ');
        var sent = 0L;
        try
        {
            while (sent < Gigabyte && !answer.IsCompleted)
            {
                if (isChunked)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"{block.Length:x}\r\n"));
                }

                await stream.WriteAsync(block);
                if (isChunked)
                {
                    await stream.WriteAsync("\r\n"u8.ToArray());
                }

                sent += block.Length;
            }
        }
        catch (IOException)
        {
            // The server has closed its side; what it answered is read by the other task.
        }

        return sent;
    }
}
