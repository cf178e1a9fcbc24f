using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Host.People;
using Tollkeeper.Host.Shell;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Notifications;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Portal;

/// <summary>When an account is warned, and which mails a user of it gets.</summary>
/// <param name="OwnMicros">The customer's own amount; null: none was chosen.</param>
public sealed record NotificationChoices(
    NoticeTopics Topics, long? OwnMicros, long? PackageMicros, AlertRules Rules)
{
    public long OtherwiseMicros => PackageMicros ?? Rules.LowBalanceMicros;

    public long AlertMicros => OwnMicros ?? OtherwiseMicros;
}

/// <summary>What a customer's user chooses about mails; each choice goes on record.</summary>
sealed class NotificationForms(Installation installation, Visit visit, IHttpContextAccessor http)
{
    const int MostDecimals = 4;

    Person Who => visit.Person!;

    AlertRules Rules => installation.Rules.Providers.PolicyOf(Who.ProviderNo, visit.At).Value.Policy.Alert;

    public async Task<NotificationChoices> Read(AccountSummary summary)
    {
        var user = await User();
        return new NotificationChoices(
            UserNames.WantsOf(user), summary.Facts.AlertThresholdMicros, summary.Facts.PackageAlertMicros, Rules);
    }

    /// <param name="typed">Empty: the package's amount, or the provider's.</param>
    public async Task<Refusal?> SetAlert(AccountSummary summary, string? typed)
    {
        if (!Who.May(Right.ManageBilling)) return Refusal.PageNotFound;
        if (!TryRead(typed, out var micros)) return Refusal.BadAmount;
        var set = await installation.AlertThreshold.Set(summary.Facts.No, micros, Rules);
        if (set.Refused is { } refused) return refused.Refusal;
        if (micros != summary.Facts.AlertThresholdMicros)
        {
            installation.Records.Add(Record(Act.AlertSet, summary.Id.Text) with
            {
                Before = Written(summary.Facts.AlertThresholdMicros),
                After = Written(micros),
            });
        }
        return null;

        string Written(long? amount) =>
            amount is { } known ? $"{FixedPoint.Write(known, 6)} {summary.Currency.Code}" : "";
    }

    public async Task<Refusal?> Choose(IReadOnlyList<string> boxes)
    {
        var user = await User();
        // Who gets everything has nothing to choose.
        if (user.Role == Role.PrimaryAdmin) return null;
        var chosen = TopicBoxes.Read(boxes);
        var saved = await new SaveUser(installation.Database, installation.Clock).Run(
            user with { Notifications = (int)chosen }, Who.SessionId, CancellationToken.None);
        if (saved.Refused is { } refused) return refused.Refusal;
        installation.Records.Add(Record(Act.NotificationsChosen, user.Email.Text) with
        {
            Before = user.Notifications is { } before ? $"{(NoticeTopics)before}" : "",
            After = $"{chosen}",
        });
        return null;
    }

    async Task<User> User()
    {
        await using var connection = await installation.Database.ConnectForPage(http.HttpContext!.RequestAborted);
        return (await UserStore.Find(connection, null, Who.UserNo)).Value;
    }

    AuditRecord Record(Act act, string subject) => new(
        act, Who.ProviderNo, Who.UserNo, Who.AccountNo, subject, Address: ClientAddress.Of(http.HttpContext!));

    /// <summary>An amount as it stands in a field, ready to be read again; empty for none.</summary>
    public static string Written(long? micros, Language language)
    {
        if (micros is not { } known) return "";
        var text = known % 10_000 == 0 ? FixedPoint.Write(known / 10_000, 2) : FixedPoint.Write(known / 100, 4);
        return language == Language.French ? text.Replace('.', ',') : text;
    }

    /// <summary>With a point or a comma, as the reader's language writes it.</summary>
    public static bool TryRead(string? typed, out long? micros)
    {
        micros = null;
        var text = (typed ?? "").Trim();
        if (text.Length == 0) return true;
        if (text.Length > 20 || !FixedPoint.TryRead(text.Replace(',', '.'), MostDecimals, out var units)) return false;
        if (units < 0 || units > long.MaxValue / 100) return false;
        micros = units * 100;
        return true;
    }
}
