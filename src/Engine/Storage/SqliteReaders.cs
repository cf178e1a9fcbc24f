using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tollkeeper.Engine.Storage;

/// <summary>Connections of SQLite that only read, each with the statements that it has prepared so far.</summary>
sealed class SqliteReaders(Func<SqliteConnection> open, int most) : IAsyncDisposable
{
    readonly SemaphoreSlim room = new(most, most);
    readonly ConcurrentBag<Reader> idle = [];

    public async Task Ask(IReadOnlyList<PageQuestion> questions, CancellationToken ct)
    {
        await room.WaitAsync(ct);
        try
        {
            if (!idle.TryTake(out var reader)) reader = new Reader(open());
            try
            {
                reader.Ask(questions, ct);
            }
            catch
            {
                // Whatever state its statements are in, a new one has none of it.
                reader.Dispose();
                throw;
            }
            idle.Add(reader);
        }
        finally
        {
            room.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        while (idle.TryTake(out var reader)) reader.Dispose();
        room.Dispose();
        return ValueTask.CompletedTask;
    }

    sealed class Reader(SqliteConnection connection) : IDisposable
    {
        /// <summary>Filters make some dozens of texts; no more are kept.</summary>
        const int MostStatements = 100;

        readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
        readonly SqliteStatement begin = new(connection, "begin");
        readonly SqliteStatement commit = new(connection, "commit");

        /// <summary>All in one transaction, so that they see one moment.</summary>
        public void Ask(IReadOnlyList<PageQuestion> questions, CancellationToken ct)
        {
            var sqlite = connection.Handle!;
            using var interrupted = ct.Register(() => raw.sqlite3_interrupt(sqlite));
            ct.ThrowIfCancellationRequested();
            begin.Run();
            foreach (var question in questions)
            {
                var statement = Prepared(question.Text);
                foreach (var value in question.Values) value.Bind(statement);
                try
                {
                    while (statement.Step()) question.Row(new RowReader(statement));
                }
                catch (SqliteException) when (ct.IsCancellationRequested)
                {
                    throw new OperationCanceledException(ct);
                }
            }
            commit.Run();
        }

        SqliteStatement Prepared(string text)
        {
            if (statements.TryGetValue(text, out var known)) return known;
            if (statements.Count >= MostStatements) Forget();
            // ?1 is the first parameter wherever it stands in the text.
            return statements[text] = new SqliteStatement(connection, text.Replace('$', '?'));
        }

        void Forget()
        {
            foreach (var statement in statements.Values) statement.Dispose();
            statements.Clear();
        }

        public void Dispose()
        {
            Forget();
            begin.Dispose();
            commit.Dispose();
            connection.Dispose();
        }
    }
}
