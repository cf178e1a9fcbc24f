using System.Data.Common;
using Dapper;

namespace Tollkeeper.Engine.Rating;

/// <summary>The low-balance amount of whoever is charged by a deck and has chosen none (R90, C7).</summary>
public static class PackageAlertStore
{
    /// <summary>Micros of the deck's currency; null: the policy's amount.</summary>
    public static Task<long?> Find(DbConnection connection, DbTransaction? transaction, int deckNo) =>
        connection.ExecuteScalarAsync<long?>(
            "select alert_threshold_micros from deck where no = @deckNo", new { deckNo }, transaction);

    public static Task Save(DbConnection connection, DbTransaction transaction, int deckNo, long? micros) =>
        connection.ExecuteAsync(
            "update deck set alert_threshold_micros = @micros where no = @deckNo", new { deckNo, micros },
            transaction);
}
