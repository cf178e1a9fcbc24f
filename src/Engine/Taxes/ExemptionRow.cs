using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>An exemption as a row of its table.</summary>
sealed class ExemptionRow
{
    public long No { get; init; }
    public string Id { get; init; } = "";
    public int ProviderNo { get; init; }
    public long AccountNo { get; init; }
    public short Class { get; init; }
    public string Place { get; init; } = "";
    public string? TaxCode { get; init; }
    public string? Number { get; init; }
    public string? Certificate { get; init; }
    public short ResaleDeclared { get; init; }
    public short State { get; init; }
    public string FromDate { get; init; } = "";
    public string? ToDate { get; init; }
    public short DeclarationVersion { get; init; }
    public string Declaration { get; init; } = "";
    public long AskedAtMicros { get; init; }
    public long? AskedByUserNo { get; init; }
    public string AskedBy { get; init; } = "";
    public string AskedFrom { get; init; } = "";
    public string? ApprovalId { get; init; }
    public long? ActiveAtMicros { get; init; }
    public long? DecidedAtMicros { get; init; }
    public string? DecidedBy { get; init; }
    public string Remark { get; init; } = "";
    public string? EndedDate { get; init; }
    public long? EndedAtMicros { get; init; }
    public string? EndedBy { get; init; }
    public int Version { get; init; }
    public string? FileName { get; init; }

    public static ExemptionRow Of(KeptExemption one) => new()
    {
        No = one.No,
        Id = one.Id,
        ProviderNo = one.ProviderNo,
        AccountNo = one.AccountNo,
        Class = (short)one.Class,
        Place = one.Terms.Place,
        TaxCode = one.Terms.TaxCode,
        Number = one.Terms.Number,
        Certificate = one.Terms.Certificate,
        ResaleDeclared = (short)(one.Terms.ResaleDeclared ? 1 : 0),
        State = (short)one.Terms.Status,
        FromDate = StoredDate.Text(one.Terms.From),
        ToDate = StoredDate.Text(one.Terms.To),
        DeclarationVersion = (short)one.Declared.Version,
        Declaration = one.Declared.Text,
        AskedAtMicros = one.Declared.At.ToMicros(),
        AskedByUserNo = one.Declared.By.UserNo,
        AskedBy = one.Declared.By.Name,
        AskedFrom = one.Declared.By.Address,
        ApprovalId = one.ApprovalId,
        ActiveAtMicros = one.ActiveAt?.ToMicros(),
        DecidedAtMicros = one.DecidedAt?.ToMicros(),
        DecidedBy = one.DecidedBy,
        Remark = one.Remark,
        EndedDate = StoredDate.Text(one.EndedOn),
        EndedAtMicros = one.EndedAt?.ToMicros(),
        EndedBy = one.EndedBy,
        Version = one.Version,
    };

    public KeptExemption ToExemption() => new(
        No, Id, ProviderNo, AccountNo, (ExemptionClass)Class,
        new TaxExemption(
            Place, Number, Certificate, ResaleDeclared != 0, (ExemptionStatus)State, StoredDate.Read(FromDate),
            StoredDate.ReadOrNull(ToDate))
        { TaxCode = TaxCode },
        new Declaration(
            DeclarationVersion, Declaration, new Actor(AskedByUserNo, AskedBy, AskedFrom),
            Instants.FromMicros(AskedAtMicros)),
        ApprovalId, Instants.FromMicros(ActiveAtMicros), DecidedBy, Instants.FromMicros(DecidedAtMicros), Remark,
        StoredDate.ReadOrNull(EndedDate), EndedBy, Instants.FromMicros(EndedAtMicros), FileName, Version);
}
