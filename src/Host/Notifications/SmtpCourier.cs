using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using Tollkeeper.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>
/// Gives mails to a mail server over a few connections that stay open between mails. When a connection breaks after the
/// mail was sent and before the server said so, nobody can know: it is tried again under the same Message-ID.
/// </summary>
sealed class SmtpCourier(SmtpSettings settings) : ICourier
{
    /// <summary>A mail takes two round trips: a server 50 ms away gets a hundred a second.</summary>
    const int Connections = 10;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan PatienceToEnter = TimeSpan.FromSeconds(15);

    readonly ConcurrentBag<SmtpDialogue> idle = [];

    public CourierPace Pace => new(settings.PerSecond, Connections);

    public async Task<HandedOver> Take(OutgoingMail mail, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var content = MimeMail.Write(mail);
        try
        {
            while (idle.TryTake(out var kept))
            {
                // A server closes what rested for long; nothing of the mail was taken then.
                if (await Send(kept, mail, content, patience.Token) is { } sent) return sent;
            }
            var (opened, refused) = await Enter(patience.Token);
            if (opened is null) return refused!;
            return await Send(opened, mail, content, patience.Token)
                ?? new HandedOver(SmtpVerdict.Later, "the mail server closed the connection");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new HandedOver(SmtpVerdict.Later, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (idle.TryTake(out var dialogue)) await dialogue.DisposeAsync();
    }

    async Task<(SmtpDialogue?, HandedOver?)> Enter(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(PatienceToEnter);
        try
        {
            return (await SmtpDialogue.Open(settings, patience.Token), null);
        }
        catch (SmtpRefused refused)
        {
            return (null, new HandedOver(SmtpVerdict.Away, refused.Message));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, new HandedOver(SmtpVerdict.Away, $"{settings.Host} does not answer"));
        }
        catch (Exception broken) when (IsOfTheWorld(broken))
        {
            return (null, new HandedOver(SmtpVerdict.Away, broken.InnerException?.Message ?? broken.Message));
        }
    }

    /// <summary>Null where a connection that had rested was closed before it took anything.</summary>
    async Task<HandedOver?> Send(SmtpDialogue dialogue, OutgoingMail mail, byte[] content, CancellationToken ct)
    {
        var rested = dialogue.Used;
        try
        {
            var answer = await dialogue.Send(mail.From, mail.To, content, ct);
            idle.Add(dialogue);
            return new HandedOver(SmtpVerdict.Goes, answer);
        }
        catch (SmtpRefused refused)
        {
            if (refused.Verdict != SmtpVerdict.Away)
            {
                idle.Add(dialogue);
                return new HandedOver(refused.Verdict, refused.Message);
            }
            await dialogue.DisposeAsync();
            // "421 idle for too long" was said to nobody, before this mail was there.
            if (rested && !dialogue.ContentGone) return null;
            return new HandedOver(refused.Verdict, refused.Message);
        }
        catch (Exception broken) when (IsOfTheWorld(broken))
        {
            await dialogue.DisposeAsync();
            return rested && !dialogue.ContentGone ? null : new HandedOver(SmtpVerdict.Later, broken.Message);
        }
        catch (OperationCanceledException)
        {
            await dialogue.DisposeAsync();
            throw;
        }
    }

    static bool IsOfTheWorld(Exception exception) =>
        exception is IOException or SocketException or AuthenticationException or ObjectDisposedException;
}
