using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>A mail server said no, or nothing that can be understood.</summary>
sealed class SmtpRefused(SmtpVerdict verdict, string answer) : Exception(answer)
{
    public SmtpVerdict Verdict => verdict;
}

/// <summary>
/// One connection to a mail server (RFC 5321), with TLS by STARTTLS (RFC 3207), a sign-in (RFC 4954), and the commands
/// of a mail in one go where the server can (RFC 2920).
/// </summary>
sealed class SmtpDialogue : IAsyncDisposable
{
    const int MostReplyLines = 100;
    const int LongestLine = 2_000;

    readonly TcpClient tcp = new();
    readonly HashSet<string> can = new(StringComparer.OrdinalIgnoreCase);
    readonly byte[] buffer = new byte[4_096];
    Stream stream = Stream.Null;
    int read;
    int filled;

    SmtpDialogue()
    {
    }

    /// <summary>Whether this connection took a mail before: the server may have closed it since.</summary>
    public bool Used { get; private set; }

    /// <summary>Whether the last mail's content was on its way when this connection broke: it may have been taken.
    /// </summary>
    public bool ContentGone { get; private set; }

    /// <exception cref="SmtpRefused">The server does not let us in.</exception>
    public static async Task<SmtpDialogue> Open(SmtpSettings settings, CancellationToken ct)
    {
        var dialogue = new SmtpDialogue();
        try
        {
            await dialogue.Enter(settings, ct);
            return dialogue;
        }
        catch
        {
            await dialogue.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hands one mail over; the connection is ready for the next.</summary>
    /// <exception cref="SmtpRefused">The server does not take it.</exception>
    public async Task<string> Send(EmailAddress from, EmailAddress to, byte[] content, CancellationToken ct)
    {
        ContentGone = false;
        var wide = can.Contains("SMTPUTF8");
        string[] commands =
        [
            $"MAIL FROM:<{Path(from, wide)}>{(wide && !Ascii.IsValid(to.Text) ? " SMTPUTF8" : "")}",
            $"RCPT TO:<{Path(to, wide)}>", "DATA",
        ];
        var replies = new SmtpReply[commands.Length];
        if (can.Contains("PIPELINING"))
        {
            await Write(string.Join("\r\n", commands) + "\r\n", ct);
            for (var i = 0; i < commands.Length; i++) replies[i] = await Reply(ct);
        }
        else
        {
            for (var i = 0; i < commands.Length && (i == 0 || replies[i - 1].Code < 400); i++)
                replies[i] = await Ask(commands[i], ct);
        }
        if (replies[0].At(SmtpStep.Door) != SmtpVerdict.Goes) await Refuse(replies, 0, SmtpStep.Door, ct);
        if (replies[1].At(SmtpStep.Recipient) != SmtpVerdict.Goes) await Refuse(replies, 1, SmtpStep.Recipient, ct);
        if (replies[2].Code != 354) await Refuse(replies, 2, SmtpStep.Content, ct);
        ContentGone = true;
        await stream.WriteAsync(Stuffed(content), ct);
        await stream.FlushAsync(ct);
        var taken = await Reply(ct);
        if (taken.At(SmtpStep.Content) is not SmtpVerdict.Goes and var no) throw new SmtpRefused(no, $"{taken}");
        Used = true;
        return $"{taken}";
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        tcp.Dispose();
    }

    async Task Enter(SmtpSettings settings, CancellationToken ct)
    {
        tcp.NoDelay = true;
        await tcp.ConnectAsync(settings.Host, settings.Port, ct);
        stream = tcp.GetStream();
        var secure = settings.Port == SmtpSettings.TlsPort;
        if (secure) await Secure(settings.Host, ct);
        Wanted(await Reply(ct));
        await Greet(ct);
        if (!secure && can.Contains("STARTTLS"))
        {
            Wanted(await Ask("STARTTLS", ct));
            // What was sent before the TLS is worth nothing under it (CVE-2021-38371 and others of its kind).
            if (read < filled) throw new SmtpRefused(SmtpVerdict.Away, "bytes before the TLS handshake");
            await Secure(settings.Host, ct);
            await Greet(ct);
            secure = true;
        }
        if (!secure && !IsThisMachineItself(settings))
            throw new SmtpRefused(SmtpVerdict.Away, $"{settings.Host} does not offer STARTTLS");
        if (settings is { User: { } user, Password: { } password }) await SignIn(user, password, ct);
    }

    /// <summary>Nobody listens between a process and a mail server beside it; but a password never goes unsealed.
    /// </summary>
    bool IsThisMachineItself(SmtpSettings settings) =>
        settings.User is null && tcp.Client.RemoteEndPoint is IPEndPoint { Address: var address }
        && IPAddress.IsLoopback(address);

    async Task Secure(string host, CancellationToken ct)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = tls;
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
    }

    async Task Greet(CancellationToken ct)
    {
        can.Clear();
        await Write($"EHLO {Dns.GetHostName()}\r\n", ct);
        var lines = await Lines(ct);
        Wanted(Read(lines));
        foreach (var line in lines.Skip(1).Where(line => line.Length > 4)) can.Add(line[4..].Split(' ')[0]);
        foreach (var line in lines.Where(line => line.Length > 9 && line[4..].StartsWith("AUTH ",
            StringComparison.OrdinalIgnoreCase)))
            foreach (var way in line[9..].Split(' ')) can.Add("AUTH " + way);
    }

    async Task SignIn(string user, string password, CancellationToken ct)
    {
        if (can.Contains("AUTH PLAIN"))
        {
            Wanted(await Ask($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", ct));
            return;
        }
        if (!can.Contains("AUTH LOGIN"))
            throw new SmtpRefused(SmtpVerdict.Away, "the server offers neither AUTH PLAIN nor AUTH LOGIN");
        Wanted(await Ask("AUTH LOGIN", ct));
        Wanted(await Ask(Base64(user), ct));
        Wanted(await Ask(Base64(password), ct));
    }

    /// <summary>
    /// With its commands in one go, a server may ask for the content of a mail that it has refused: nothing is sent
    /// then (RFC 2920, 3.1), and the connection is of no further use.
    /// </summary>
    async Task Refuse(SmtpReply[] replies, int which, SmtpStep step, CancellationToken ct)
    {
        if (which < 2 && replies[2].Code == 354)
        {
            await Write(".\r\n", ct);
            await Reply(ct);
        }
        else
        {
            await Ask("RSET", ct);
        }
        var reply = replies[which];
        throw new SmtpRefused(
            reply.At(step) is SmtpVerdict.Goes ? SmtpVerdict.Later : reply.At(step), $"{reply}");
    }

    static void Wanted(SmtpReply reply)
    {
        if (reply.At(SmtpStep.Door) != SmtpVerdict.Goes) throw new SmtpRefused(SmtpVerdict.Away, $"{reply}");
    }

    async Task<SmtpReply> Ask(string command, CancellationToken ct)
    {
        await Write(command + "\r\n", ct);
        return await Reply(ct);
    }

    async Task Write(string text, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await stream.FlushAsync(ct);
    }

    async Task<SmtpReply> Reply(CancellationToken ct) => Read(await Lines(ct));

    static SmtpReply Read(IReadOnlyList<string> lines) =>
        SmtpReply.TryRead(lines, out var reply)
            ? reply.Value
            : throw new SmtpRefused(SmtpVerdict.Away, "an answer that is none of SMTP");

    async Task<IReadOnlyList<string>> Lines(CancellationToken ct)
    {
        var lines = new List<string>();
        do lines.Add(await OneLine(ct));
        while (SmtpReply.GoesOn(lines[^1]) && lines.Count < MostReplyLines);
        return lines;
    }

    async Task<string> OneLine(CancellationToken ct)
    {
        var line = new List<byte>();
        while (line.Count < LongestLine)
        {
            if (read == filled)
            {
                (read, filled) = (0, await stream.ReadAsync(buffer, ct));
                if (filled == 0) throw new EndOfStreamException("the mail server closed the connection");
            }
            if (buffer[read++] is (byte)'\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(buffer[read - 1]);
        }
        throw new SmtpRefused(SmtpVerdict.Away, "an answer without an end");
    }

    /// <summary>A line that begins with a dot gets another one, and a dot alone ends the mail.</summary>
    static byte[] Stuffed(byte[] content)
    {
        var stuffed = new List<byte>(content.Length + 64);
        var begins = true;
        foreach (var one in content)
        {
            if (begins && one == (byte)'.') stuffed.Add(one);
            stuffed.Add(one);
            begins = one == (byte)'\n';
        }
        if (!begins) stuffed.AddRange("\r\n"u8);
        stuffed.AddRange(".\r\n"u8);
        return [.. stuffed];
    }

    /// <summary>A domain in other letters has an ASCII form; what stands before the @ has none.</summary>
    static string Path(EmailAddress address, bool wide)
    {
        if (wide || Ascii.IsValid(address.Text)) return address.Text;
        var (local, domain) = (address.Text.Split('@')[0], address.Text.Split('@')[1]);
        try
        {
            if (Ascii.IsValid(local)) return $"{local}@{new System.Globalization.IdnMapping().GetAscii(domain)}";
        }
        catch (ArgumentException)
        {
            // No domain that has an ASCII form.
        }
        throw new SmtpRefused(SmtpVerdict.Never, "the mail server takes no address in other than ASCII letters");
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
