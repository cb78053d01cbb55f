using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Tests.Server;

/// <summary>A link to the server that breaks where a test says: before what commits reaches the server, or when the server's answer to it comes back.</summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private volatile LinkFault _next;
    private volatile bool _anyExchange;
    private volatile bool _down;

    public FaultyLink(string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (target.Host!, target.Port);
        _listener.Start();
        target.Host = "127.0.0.1";
        target.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        target.SslMode = SslMode.Disable;
        ConnectionString = target.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How many faults have happened.</summary>
    public int Faults { get; private set; }

    /// <summary>The next COMMIT meets this.</summary>
    public void BreakNext(LinkFault fault) => (_anyExchange, _next) = (false, fault);

    /// <summary>The next exchange meets this, whatever it is.</summary>
    public void BreakNextExchange(LinkFault fault) => (_anyExchange, _next) = (true, fault);

    /// <summary>Ends all connections; new ones end at once until <see cref="Restore"/>.</summary>
    public void TakeDown()
    {
        _down = true;
        CloseAll();
    }

    public void Restore() => _down = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        CloseAll();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (_down)
                {
                    client.Dispose();
                    continue;
                }

                var server = new TcpClient();
                await server.ConnectAsync(_host, _port);
                lock (_gate)
                {
                    _open.AddRange([client, server]);
                }

                _ = CarryAsync(client, server);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task CarryAsync(TcpClient client, TcpClient server)
    {
        client.NoDelay = server.NoDelay = true;
        var answersAreLost = new bool[1];
        await Task.WhenAny(SendAsync(client, server, answersAreLost), AnswerAsync(client, server, answersAreLost));
        client.Dispose();
        server.Dispose();
    }

    private async Task SendAsync(TcpClient client, TcpClient server, bool[] answersAreLost)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int count;
            while ((count = await client.GetStream().ReadAsync(buffer)) > 0)
            {
                var fault = _anyExchange || buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) >= 0 ? _next : LinkFault.None;
                if (fault != LinkFault.None)
                {
                    _next = LinkFault.None;
                    Faults++;
                    if (fault == LinkFault.BeforeCommit)
                    {
                        return;
                    }

                    answersAreLost[0] = true;
                }

                await server.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone.
        }
    }

    private static async Task AnswerAsync(TcpClient client, TcpClient server, bool[] answersAreLost)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int count;
            while ((count = await server.GetStream().ReadAsync(buffer)) > 0 && !answersAreLost[0])
            {
                await client.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone.
        }
    }

    private void CloseAll()
    {
        lock (_gate)
        {
            foreach (var connection in _open)
            {
                connection.Dispose();
            }

            _open.Clear();
        }
    }
}
