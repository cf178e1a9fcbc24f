using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// What of a hold only its own call's end or renewal reads: numbers, the first answer, the terms. It is one value in
/// the hold's row, because a hold is written, read and gone within one call, and every column of its own costs each of
/// the three. What sums and expiry look at are columns; an audit reads it to price the hold again.
/// </summary>
static class HoldDetails
{
    const byte Version = 1;
    const int UsualBytes = 256;

    public static byte[] Write(Hold hold)
    {
        var bytes = new MemoryStream(UsualBytes);
        using var to = new BinaryWriter(bytes);
        to.Write(Version);
        to.Write((byte)hold.Direction);
        to.Write(hold.From);
        to.Write(hold.To);
        to.Write(hold.StartedAt.ToMicros());
        to.Write(hold.GrantedSeconds);
        to.Write(hold.Final);
        to.Write(hold.FirstAnswer.GrantedSeconds);
        to.Write(hold.FirstAnswer.HeldMicros);
        to.Write(hold.FirstAnswer.Final);
        to.Write(hold.FirstAnswer.RenewSeconds);
        to.Write(hold.Renewals);
        Write(to, hold.Content.Value);
        to.Write(hold.PolicyVersion);
        Write(to, hold.Terms);
        to.Flush();
        return bytes.ToArray();
    }

    /// <summary>The columns first, in the order in which <see cref="BookRows.Holds"/> has them.</summary>
    /// <exception cref="InvalidOperationException">The details are damaged.</exception>
    public static Hold Read(
        CallKey key, long walletNo, long accountNo, int switchNo, string call, bool billable, Instant expiresAt,
        Instant? expiredAt, long heldMicros, byte[] details)
    {
        try
        {
            return Read(
                details, key, walletNo, accountNo, switchNo, call, billable, expiresAt, expiredAt, heldMicros);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException)
        {
            // A damaged row is not a database that is away: it concerns its own call only.
            throw new InvalidOperationException("A hold's details cannot be read.", exception);
        }
    }

    static Hold Read(
        byte[] details, CallKey key, long walletNo, long accountNo, int switchNo, string call, bool billable,
        Instant expiresAt, Instant? expiredAt, long heldMicros)
    {
        using var from = new BinaryReader(new MemoryStream(details));
        Demand.That(from.ReadByte() == Version, "a hold's details are of a version that this program reads");
        return new Hold
        {
            Key = key,
            WalletNo = walletNo,
            AccountNo = accountNo,
            SwitchNo = switchNo,
            Call = call,
            Billable = billable,
            ExpiresAt = expiresAt,
            ExpiredAt = expiredAt,
            HeldMicros = heldMicros,
            Direction = (Directions)from.ReadByte(),
            From = from.ReadString(),
            To = from.ReadString(),
            StartedAt = Instants.FromMicros(from.ReadInt64()),
            GrantedSeconds = from.ReadInt32(),
            Final = from.ReadBoolean(),
            FirstAnswer = new FirstAnswer(
                from.ReadInt32(), from.ReadInt64(), from.ReadBoolean(), from.ReadInt32()),
            Renewals = from.ReadInt32(),
            Content = new ContentHash(new Guid(from.ReadBytes(16))),
            PolicyVersion = from.ReadInt32(),
            Terms = ReadTerms(from),
        };
    }

    static void Write(BinaryWriter to, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        Demand.That(value.TryWriteBytes(bytes), "a uuid has 16 bytes");
        to.Write(bytes);
    }

    static void Write(BinaryWriter to, in KeptTerms terms)
    {
        to.Write(terms.DeckNo);
        to.Write(terms.DeckVersion);
        to.Write(terms.Prefix);
        to.Write(terms.Destination);
        to.Write(terms.RateE8);
        to.Write(terms.FirstSeconds);
        to.Write(terms.NextSeconds);
        to.Write(terms.ConnectFeeMicros);
        to.Write(terms.MinimumMicros);
        to.Write(terms.DipMicros);
        to.Write(terms.SurchargeMicros);
        to.Write(terms.Decimals);
        to.Write(terms.RoundingMode);
        to.Write(terms.Jurisdiction);
        to.Write(terms.TaxCode is not null);
        if (terms.TaxCode is { } code) to.Write(code);
        to.Write(terms.TaxPartsPerMillion);
    }

    static KeptTerms ReadTerms(BinaryReader from) => new()
    {
        DeckNo = from.ReadInt32(),
        DeckVersion = from.ReadInt32(),
        Prefix = from.ReadString(),
        Destination = from.ReadString(),
        RateE8 = from.ReadInt64(),
        FirstSeconds = from.ReadInt32(),
        NextSeconds = from.ReadInt32(),
        ConnectFeeMicros = from.ReadInt64(),
        MinimumMicros = from.ReadInt64(),
        DipMicros = from.ReadInt64(),
        SurchargeMicros = from.ReadInt64(),
        Decimals = from.ReadInt32(),
        RoundingMode = from.ReadInt32(),
        Jurisdiction = from.ReadInt32(),
        TaxCode = from.ReadBoolean() ? from.ReadString() : null,
        TaxPartsPerMillion = from.ReadInt32(),
    };
}
