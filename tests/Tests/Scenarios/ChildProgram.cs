using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A program that a test starts, with what it says kept in a file, and ended with the test.</summary>
public sealed class ChildProgram : IAsyncDisposable
{
    readonly Process process;
    readonly Task copying;

    ChildProgram(Process process, string log)
    {
        this.process = process;
        copying = Task.WhenAll(
            Copy(process.StandardOutput.BaseStream, log), Copy(process.StandardError.BaseStream, log + ".err"));
    }

    public bool HasEnded => process.HasExited;

    public static ChildProgram Start(
        string program, string log, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment =
        null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ChildProgram(Process.Start(start)!, log);
    }

    /// <returns>The exit code; a program that does not end in time is killed and counts as failed.</returns>
    public async Task<int> End(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            await copying;
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Kill();
            return -1;
        }
    }

    /// <summary>As <c>kill -9</c>: it is given no chance to say or write anything more.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            // Politely first: a program of several processes ends the others itself.
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()])!;
            await kill.WaitForExitAsync();
            await End(TimeSpan.FromSeconds(5));
        }
        process.Dispose();
    }

    static async Task Copy(Stream from, string to)
    {
        await using var file =
            new FileStream(to, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await from.CopyToAsync(file);
    }
}

/// <summary>Ports of the loopback that nobody uses at the moment.</summary>
public static class FreePort
{
    public static int Tcp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static int Udp()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
