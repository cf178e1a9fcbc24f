using Tollkeeper.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>What came of handing a mail over.</summary>
/// <param name="Answer">The mail server's own words, or the file; for office and support.</param>
sealed record HandedOver(SmtpVerdict Verdict, string Answer);

/// <summary>Takes mails to where they go: a mail server, or a folder where there is none.</summary>
interface ICourier : IAsyncDisposable
{
    /// <summary>How many mails a second it is to be given, and how many at once.</summary>
    CourierPace Pace { get; }

    /// <summary>Never throws for what the world does to it: that is in the answer.</summary>
    Task<HandedOver> Take(OutgoingMail mail, CancellationToken ct);
}

readonly record struct CourierPace(int PerSecond, int AtOnce);
