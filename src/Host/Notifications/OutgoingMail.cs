using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>A mail as it is handed over: who writes to whom, its words, and at most one file.</summary>
/// <param name="Id">Of the mail; however often it is handed over, its Message-ID is the same.</param>
/// <param name="FromName">What the provider is called by its customers.</param>
public sealed record OutgoingMail(
    string Id, string Host, EmailAddress From, string FromName, EmailAddress To, Language Language, MailWords Words,
    Instant At, MailFile? File);

public sealed record MailFile(string Name, string MediaType, byte[] Content);
