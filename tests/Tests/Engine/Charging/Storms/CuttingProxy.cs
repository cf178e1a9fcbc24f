using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tollkeeper.Tests.Engine.Charging.Storms;

/// <summary>
/// Stands between a client and PostgreSQL and reads what the client says. Once armed, the next COMMIT goes through to
/// the server, its answer is awaited and thrown away, and the connection is cut: the client cannot know.
/// </summary>
sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly int serverPort;
    readonly CancellationTokenSource stopping = new();
    readonly Task accepting;
    int armed;
    int cuts;

    public CuttingProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Cuts => Volatile.Read(ref cuts);

    public void Arm() => Volatile.Write(ref armed, 1);

    async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                _ = Serve(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The proxy ends.
        }
    }

    async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, serverPort, stopping.Token);
                var link = new Link();
                await Task.WhenAny(
                    FromClient(client.GetStream(), server.GetStream(), link),
                    FromServer(server.GetStream(), client.GetStream(), link));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // Either side is gone, and so is this link.
            }
        }
    }

    async Task FromClient(NetworkStream client, NetworkStream server, Link link)
    {
        var statements = new Dictionary<string, string>(StringComparer.Ordinal);
        var started = false;
        var commits = false;
        while (true)
        {
            // The first message has no type; after that each is a type, a length that counts itself, and a body.
            var head = new byte[started ? 5 : 4];
            await client.ReadExactlyAsync(head, stopping.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4];
            await client.ReadExactlyAsync(body, stopping.Token);
            var type = started ? (char)head[0] : ' ';
            // A request for encryption is refused by the server and followed by the real start.
            if (!started) started = body.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(body) != 80877103;
            commits |= Commits(type, body, statements);
            if (type is 'S' or 'Q' && commits)
            {
                commits = false;
                if (Interlocked.Exchange(ref armed, 0) == 1) link.Cut = true;
            }
            await server.WriteAsync(head, stopping.Token);
            await server.WriteAsync(body, stopping.Token);
        }
    }

    static bool Commits(char type, byte[] body, Dictionary<string, string> statements)
    {
        switch (type)
        {
            case 'Q':
                return IsCommit(TextAt(body, 0).Text);
            case 'P':
                var (name, next) = TextAt(body, 0);
                statements[name] = TextAt(body, next).Text;
                return false;
            case 'B':
                var (_, after) = TextAt(body, 0);
                return IsCommit(statements.GetValueOrDefault(TextAt(body, after).Text, ""));
            default:
                return false;
        }
    }

    static bool IsCommit(string sql) => sql.Trim().Equals("commit", StringComparison.OrdinalIgnoreCase);

    static (string Text, int Next) TextAt(byte[] body, int at)
    {
        var end = Array.IndexOf(body, (byte)0, at);
        return (Encoding.UTF8.GetString(body, at, end - at), end + 1);
    }

    async Task FromServer(NetworkStream server, NetworkStream client, Link link)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await server.ReadAsync(buffer, stopping.Token);
            if (read == 0) return;
            if (link.Cut && IsReady(buffer.AsSpan(0, read)))
            {
                Interlocked.Increment(ref cuts);
                return;
            }
            if (!link.Cut) await client.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
    }

    /// <summary>"Ready for query, no transaction": the commit is done.</summary>
    static bool IsReady(ReadOnlySpan<byte> bytes) =>
        bytes.EndsWith((ReadOnlySpan<byte>)[(byte)'Z', 0, 0, 0, 5, (byte)'I']);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    sealed class Link
    {
        public volatile bool Cut;
    }
}
