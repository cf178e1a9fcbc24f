using System.Security.Cryptography;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// Makes the demonstration's sign-ins and keys; its passwords are new each time and shown in demo.json alone.
/// </summary>
sealed class DemoPeople(Database database, IClock clock)
{
    const int PasswordBytes = 15;

    public async Task<DemoFile.SignIn> SignIn(int providerNo, long? accountNo, string email, Role? role = null)
    {
        Demand.That(EmailAddress.TryParse(email, out var address), "the demonstration's e-mail addresses are good");
        var password = PublicId.Base32(RandomNumberGenerator.GetBytes(PasswordBytes));
        var salt = RandomNumberGenerator.GetBytes(PasswordHash.SaltBytes);
        var hash = await Task.Run(() => PasswordHash.Of(password, salt));
        var created = await new CreateUser(database, clock).Run(
            new NewUser(providerNo, accountNo, address, EmailConfirmed: true, hash, null, role), "demonstration");
        Demand.That(created.Accepted, "the demonstration's e-mail addresses are new");
        return new DemoFile.SignIn(email, password);
    }

    public async Task<string> Key(KeyHolder holder)
    {
        var issued = await new IssueKey(database, clock).Run(holder, "demonstration");
        return issued.Value.Reveal();
    }
}
