using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Tollkeeper.Tests.Golden;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// Kamailio with the shipped configuration, and sipp as the telephones on both sides of it, on free ports.
/// </summary>
public sealed class RealSwitch : IAsyncDisposable
{
    static readonly string Shipped = Path.Combine(Repository.Root, "deploy/kamailio");

    readonly string folder;
    readonly int sipPort = FreePort.Udp();
    readonly int calleePort = FreePort.Udp();
    readonly ChildProgram kamailio;
    ChildProgram callee;
    int calls;

    RealSwitch(string folder, string apiUrl, string key)
    {
        this.folder = folder;
        string[] settings =
        [
            $"API_URL=\"{apiUrl}\"", $"API_KEY=\"{key}\"", "SWITCH=\"test\"", $"NEXT_HOP=\"127.0.0.1:{calleePort}\"",
            $"SIP_LISTEN=udp:127.0.0.1:{sipPort}", $"CONTROL_LISTEN=tcp:127.0.0.1:{FreePort.Tcp()}",
        ];
        kamailio = ChildProgram.Start(
            "/usr/sbin/kamailio", Path.Combine(folder, "kamailio.log"),
            [
                "-f", Path.Combine(Shipped, "kamailio.cfg"), "-DD", "-E", "-m", "64", "-M", "8",
                .. settings.SelectMany(setting => new[] { "-A", setting }),
            ]);
        callee = Callee("callee.xml");
    }

    public static async Task<RealSwitch> Start(string folder, string apiUrl, string key)
    {
        var real = new RealSwitch(folder, apiUrl, key);
        await Wait.Until(real.Answers, TimeSpan.FromSeconds(20), () => "Kamailio answers OPTIONS");
        await Task.Delay(300); // sipp has no way to say that it listens
        return real;
    }

    /// <summary>From now on the called telephone behaves as another scenario says.</summary>
    public async Task LetCalleeBe(string scenario)
    {
        callee.Kill();
        await callee.End(TimeSpan.FromSeconds(5));
        await callee.DisposeAsync();
        callee = Callee(scenario);
        await Task.Delay(300);
    }

    /// <summary>One call, to its end as the scenario says.</summary>
    public async Task<SipCall> Call(string scenario, string account, string dialled, int milliseconds = 0)
    {
        var name = $"call-{Interlocked.Increment(ref calls)}";
        var trace = Trace(name);
        await using var caller = Sipp(
            scenario, name, FreePort.Udp(),
            $"127.0.0.1:{sipPort}", "-s", dialled, "-key", "from", "14165550100", "-key", "account", account,
            "-d", milliseconds.ToString(), "-m", "1", "-trace_msg", "-message_file", trace);
        var exit = await caller.End(TimeSpan.FromSeconds(60));
        return new SipCall(exit == 0, Replies(trace).LastOrDefault(code => code >= 200));
    }

    /// <summary>Waits until the caller of the newest call hears that it was answered.</summary>
    public Task Answered() => Wait.Until(
        () => Task.FromResult(Replies(Trace($"call-{calls}")).Contains(200)), TimeSpan.FromSeconds(10),
        () => "the call is answered");

    public async ValueTask DisposeAsync()
    {
        callee.Kill();
        await callee.DisposeAsync();
        await kamailio.DisposeAsync();
    }

    string Trace(string call) => Path.Combine(folder, call + ".trace");

    static IEnumerable<int> Replies(string trace)
    {
        if (!File.Exists(trace)) return [];
        using var reader = new StreamReader(new FileStream(trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return Regex.Matches(reader.ReadToEnd(), @"^SIP/2\.0 (\d{3})", RegexOptions.Multiline)
            .Select(m => int.Parse(m.Groups[1].Value));
    }

    ChildProgram Callee(string scenario) => Sipp(scenario, "callee", calleePort);

    ChildProgram Sipp(string scenario, string name, int port, params string[] arguments) => ChildProgram.Start(
        "sipp", Path.Combine(folder, name + ".log"),
        [
            .. arguments, "-sf", Path.Combine(Shipped, "sipp", scenario), "-i", "127.0.0.1", "-p", port.ToString(),
            "-ci", "127.0.0.1", "-cp", FreePort.Udp().ToString(), "-mi", "127.0.0.1", "-mp", FreePort.Udp().ToString(),
            "-nostdin",
        ]);

    async Task<bool> Answers()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
        var question =
            $"OPTIONS sip:127.0.0.1:{sipPort} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-up\r\n"
            + $"From: <sip:test@127.0.0.1>;tag=up\r\nTo: <sip:127.0.0.1:{sipPort}>\r\nCall-ID: up-{port}\r\n"
            + "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(question), new IPEndPoint(IPAddress.Loopback, sipPort),
                patience.Token);
            var answer = await socket.ReceiveAsync(patience.Token);
            return Encoding.ASCII.GetString(answer.Buffer).StartsWith("SIP/2.0 200", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            return false;
        }
    }
}

/// <summary>
/// How a call went for the caller: whether as the scenario says, and the last final reply that it got.
/// </summary>
public readonly record struct SipCall(bool AsScripted, int LastReply);
