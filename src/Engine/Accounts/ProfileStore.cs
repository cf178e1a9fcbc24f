using System.Data.Common;
using Dapper;
using Tollkeeper.Accounts;

namespace Tollkeeper.Engine.Accounts;

/// <summary>What is known of customers beside money and calls.</summary>
public static class ProfileStore
{
    const string Columns =
        """
        contact_name, phone, language, service_line1, service_line2, service_city, service_region,
        service_postal_code, service_country, billing_same, billing_name, billing_line1, billing_line2,
        billing_city, billing_region, billing_postal_code, billing_country, billing_email, provincial_tax_id, version
        """;

    /// <summary>The profile; an empty one of version 0 where nothing was filled in yet.</summary>
    public static async Task<Profile> Find(DbConnection connection, DbTransaction? transaction, long accountNo)
    {
        await using var both = await connection.QueryMultipleAsync(
            $"""
            select {Columns} from account_profile where account_no = @accountNo;
            select email from account_mail_list where account_no = @accountNo order by email_key
            """,
            new { accountNo }, transaction);
        var row = await both.ReadSingleOrDefaultAsync<ProfileRow>();
        var mails = (await both.ReadAsync<string>()).AsList();
        return row is null ? Profile.Empty : row.ToProfile(mails);
    }

    /// <summary>False when somebody saved it since it was read: nothing is written then.</summary>
    public static async Task<bool> Save(
        DbConnection connection, DbTransaction transaction, long accountNo, Profile profile)
    {
        var row = ProfileRow.Of(accountNo, profile);
        // A row of version 0 is there where a term was agreed on before anything else was known.
        var saved = await connection.ExecuteAsync(Update, row, transaction);
        if (saved == 0 && profile.Version == 0) saved = await connection.ExecuteAsync(Insert, row, transaction);
        if (saved == 0) return false;
        await connection.ExecuteAsync(
            "delete from account_mail_list where account_no = @accountNo", new { accountNo }, transaction);
        foreach (var mail in profile.MailList)
        {
            await connection.ExecuteAsync(
                """
                insert into account_mail_list (account_no, email_key, email) values (@accountNo, @key, @mail)
                on conflict do nothing
                """,
                new { accountNo, key = mail.ToLowerInvariant(), mail }, transaction);
        }
        await AccountWordStore.OfProfile(connection, transaction, accountNo, profile);
        return true;
    }

    /// <summary>R59: days from an invoice to its due date; null where no credit was ever agreed on.</summary>
    public static Task<int?> Term(DbConnection connection, long accountNo) =>
        connection.ExecuteScalarAsync<int?>(
            "select credit_term_days from account_profile where account_no = @accountNo", new { accountNo });

    /// <summary>
    /// Whatever else of the profile is being changed at the same moment is left to whoever changes it.
    /// </summary>
    public static Task SetTerm(DbConnection connection, DbTransaction transaction, long accountNo, int days) =>
        connection.ExecuteAsync(
            """
            insert into account_profile (account_no, credit_term_days, version) values (@accountNo, @days, 0)
            on conflict (account_no) do update set credit_term_days = @days
            """,
            new { accountNo, days }, transaction);

    const string Insert =
        $"""
        insert into account_profile (account_no, {Columns})
        values (
          @AccountNo, @ContactName, @Phone, @Language, @ServiceLine1, @ServiceLine2, @ServiceCity, @ServiceRegion,
          @ServicePostalCode, @ServiceCountry, @BillingSame, @BillingName, @BillingLine1, @BillingLine2,
          @BillingCity, @BillingRegion, @BillingPostalCode, @BillingCountry, @BillingEmail, @ProvincialTaxId, 1)
        on conflict do nothing
        """;

    const string Update =
        """
        update account_profile set
          contact_name = @ContactName, phone = @Phone, language = @Language, service_line1 = @ServiceLine1,
          service_line2 = @ServiceLine2, service_city = @ServiceCity, service_region = @ServiceRegion,
          service_postal_code = @ServicePostalCode, service_country = @ServiceCountry, billing_same = @BillingSame,
          billing_name = @BillingName, billing_line1 = @BillingLine1, billing_line2 = @BillingLine2,
          billing_city = @BillingCity, billing_region = @BillingRegion, billing_postal_code = @BillingPostalCode,
          billing_country = @BillingCountry, billing_email = @BillingEmail, provincial_tax_id = @ProvincialTaxId,
          version = version + 1
        where account_no = @AccountNo and version = @Version
        """;

    sealed class ProfileRow
    {
        public long AccountNo { get; init; }
        public string ContactName { get; init; } = "";
        public string Phone { get; init; } = "";
        public int Language { get; init; }
        public string ServiceLine1 { get; init; } = "";
        public string ServiceLine2 { get; init; } = "";
        public string ServiceCity { get; init; } = "";
        public string ServiceRegion { get; init; } = "";
        public string ServicePostalCode { get; init; } = "";
        public string ServiceCountry { get; init; } = "";
        public int BillingSame { get; init; }
        public string BillingName { get; init; } = "";
        public string BillingLine1 { get; init; } = "";
        public string BillingLine2 { get; init; } = "";
        public string BillingCity { get; init; } = "";
        public string BillingRegion { get; init; } = "";
        public string BillingPostalCode { get; init; } = "";
        public string BillingCountry { get; init; } = "";
        public string BillingEmail { get; init; } = "";
        public string ProvincialTaxId { get; init; } = "";
        public int Version { get; init; }

        public static ProfileRow Of(long accountNo, Profile profile)
        {
            var (service, billing) = (profile.Service, profile.Billing ?? Address.Empty);
            return new ProfileRow
            {
                AccountNo = accountNo,
                ContactName = profile.ContactName,
                Phone = profile.Phone,
                Language = (int)profile.Language,
                ServiceLine1 = service.Line1,
                ServiceLine2 = service.Line2,
                ServiceCity = service.City,
                ServiceRegion = service.Region,
                ServicePostalCode = service.PostalCode,
                ServiceCountry = service.Country,
                BillingSame = profile.Billing is null ? 1 : 0,
                BillingName = profile.BillingName,
                BillingLine1 = billing.Line1,
                BillingLine2 = billing.Line2,
                BillingCity = billing.City,
                BillingRegion = billing.Region,
                BillingPostalCode = billing.PostalCode,
                BillingCountry = billing.Country,
                BillingEmail = profile.BillingEmail,
                ProvincialTaxId = profile.ProvincialTaxId,
                Version = profile.Version,
            };
        }

        public Profile ToProfile(IReadOnlyList<string> mails) => new(
            ContactName, Phone, (Language)Language,
            new Address(
                ServiceLine1, ServiceLine2, ServiceCity, ServiceRegion, ServicePostalCode, ServiceCountry),
            BillingName,
            BillingSame != 0
                ? null
                : new Address(
                    BillingLine1, BillingLine2, BillingCity, BillingRegion, BillingPostalCode, BillingCountry),
            BillingEmail, mails, ProvincialTaxId, Version);
    }
}
