using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// A mail server of a test's own: takes mails, refuses some for good or for now, dies in the middle of one, is away.
/// With a certificate it takes them after STARTTLS only.
/// </summary>
public sealed class MailSink : IAsyncDisposable
{
    readonly X509Certificate2? certificate;
    readonly ConcurrentBag<TcpClient> open = [];
    TcpListener? listener;
    Task accepting = Task.CompletedTask;

    public MailSink(X509Certificate2? certificate = null)
    {
        this.certificate = certificate;
        Port = FreePort.Tcp();
        Open();
    }

    public int Port { get; }

    public ConcurrentQueue<WrittenMail> Mails { get; } = new();

    /// <summary>What a recipient is refused with; null: taken.</summary>
    public Func<string, string?> Refuse { get; set; } = _ => null;

    /// <summary>Takes that many mails and dies before it says so.</summary>
    public int DieAfter { get; set; }

    public void Open()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = Accept(listener);
    }

    /// <summary>Away: connections that are open break.</summary>
    public async Task Close()
    {
        listener?.Stop();
        while (open.TryTake(out var client)) client.Dispose();
        await accepting;
    }

    public async ValueTask DisposeAsync() => await Close();

    async Task Accept(TcpListener at)
    {
        try
        {
            while (true)
            {
                var client = await at.AcceptTcpClientAsync();
                client.NoDelay = true;
                open.Add(client);
                _ = Task.Run(() => Talk(client));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test closed it.
        }
    }

    async Task Talk(TcpClient client)
    {
        try
        {
            using (client) await Talk(client.GetStream(), secure: false);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // The other side went, or the test closed it.
        }
    }

    async Task Talk(Stream stream, bool secure)
    {
        var lines = new StreamReader(stream, new UTF8Encoding(false));
        if (!secure) await Say("220 sink");
        while (await lines.ReadLineAsync() is { } line)
        {
            var word = line.Split(' ', ':')[0].ToUpperInvariant();
            if (word == "STARTTLS")
            {
                await Say("220 go");
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(certificate!);
                await Talk(tls, secure: true);
                return;
            }
            if (word == "QUIT") return;
            if (word == "DATA")
            {
                if (!await Take(lines)) return;
                continue;
            }
            await Say(word switch
            {
                "EHLO" => certificate is null || secure
                    ? "250-sink\r\n250-PIPELINING\r\n250 SMTPUTF8" : "250-sink\r\n250 STARTTLS",
                "MAIL" when certificate is not null && !secure => "530 STARTTLS first",
                "RCPT" => Refuse(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]) ?? "250 ok",
                _ => "250 ok",
            });
        }

        async Task<bool> Take(StreamReader from)
        {
            await Say("354 go");
            var mail = new StringBuilder();
            while (await from.ReadLineAsync() is { } line && line != ".")
                mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            if (mail.Length == 0)
            {
                await Say("554 no recipients");
                return true;
            }
            Mails.Enqueue(new WrittenMail(mail.ToString()));
            if (DieAfter > 0 && DieAfter-- > 0) return false;
            await Say("250 2.0.0 taken");
            return true;
        }

        async Task Say(string text)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"));
            await stream.FlushAsync();
        }
    }
}
