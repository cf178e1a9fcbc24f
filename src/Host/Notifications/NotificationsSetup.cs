using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Host.SignIn;

namespace Tollkeeper.Host.Notifications;

/// <summary>Puts together what tells people things.</summary>
static class NotificationsSetup
{
    public static void Add(IServiceCollection services, Installation installation)
    {
        services.AddSingleton(_ => CourierOf(installation.Settings));
        services.AddSingleton(scope => new WriteLetter(
            installation.Rules.Providers, scope.GetRequiredService<PublicUrl>(), installation.KeyFile));
        services.AddSingleton(scope => new DeliverMails(
            installation.Database, installation.Clock, installation.Rules.Providers,
            SmtpSettings.PatternOf(installation.Settings), scope.GetRequiredService<WriteLetter>(),
            scope.GetRequiredService<ICourier>()));
        services.AddHostedService<MailDelivery>();
    }

    /// <summary>The mail server that is configured, or the folder.</summary>
    public static ICourier CourierOf(Settings settings)
    {
        var smtp = SmtpSettings.Read(settings);
        Demand.That(smtp.Accepted, "the settings of the mail server were checked at the start");
        return smtp.Value is { } server ? new SmtpCourier(server) : new FolderCourier(settings);
    }
}
