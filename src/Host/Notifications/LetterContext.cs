using NodaTime;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Host.Shell;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Notifications;

/// <summary>For whom a letter is written and by whom: the words, the ways of writing, the names.</summary>
/// <param name="AddressOf">The whole address of a page of the provider's, by its path.</param>
sealed record LetterContext(ClaimedMail Mail, Provider Provider, Brand Brand, Locale Locale, Func<string, string>
    AddressOf)
{
    public const string ChoicesPath = "/account/notifications";

    public Texts T { get; } = Texts.Of(Locale.Language);

    public string Account => Mail.AccountName ?? "";

    public string Money(long micros, string currency) => Locale.Balance(new Money(micros, Currency.Of(currency)));

    public string When(long micros) =>
        T.Format("mail.when-zone", Locale.DateAndTime(Instants.FromMicros(micros)), Locale.ZoneName);

    public string Day(long micros) => Locale.Date(Instants.FromMicros(micros));

    public LetterLink LinkTo(string textKey, string path) => new(T[textKey], AddressOf(path));

    /// <summary>R72: people of an account choose which of these mails they get.</summary>
    public LetterLink Choice => new(T.Format("mail.why", Account, Brand.Name), AddressOf(ChoicesPath));
}
