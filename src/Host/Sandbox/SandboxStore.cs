using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Tollkeeper.Host.Sandbox;

/// <summary>
/// All that the sandbox knows, in a SQLite file of its own, so that it survives restarts. One thing happens at a time.
/// </summary>
sealed class SandboxStore : IDisposable
{
    const string FileName = "sandbox";
    static readonly Duration Remembered = Duration.FromHours(24);

    readonly SqliteConnection connection;
    readonly SemaphoreSlim gate = new(1);

    SandboxStore(SqliteConnection connection, IClock clock)
    {
        this.connection = connection;
        Clock = clock;
    }

    public IClock Clock { get; }

    /// <summary>Where its pages are.</summary>
    public Uri Origin { get; set; } = new("http://127.0.0.1");

    /// <summary>Set when there is something to post.</summary>
    public SemaphoreSlim News { get; } = new(0);

    public static SandboxStore Open(string folder, IClock clock)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{FileName}.db");
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        connection.Execute(
            """
            pragma journal_mode = wal;
            pragma synchronous = normal;
            create table if not exists merchant (
              name text primary key, secret_key text not null unique, signing_secret text not null,
              webhook_url text not null, webhook_host text);
            create table if not exists object (
              no integer primary key, id text not null unique, merchant text not null, kind text not null,
              parent text, created integer not null, body text not null);
            create index if not exists object_of_kind on object (merchant, kind, no);
            create index if not exists object_of_parent on object (parent, kind, no);
            create table if not exists answer (
              merchant text not null, key text not null, question text not null, at integer not null,
              status integer not null, body text not null, primary key (merchant, key));
            create table if not exists due (
              no integer primary key, at integer not null, merchant text not null, id text not null,
              deed text not null);
            create table if not exists post (
              event text primary key, merchant text not null, tries integer not null, next_at integer not null,
              body text not null);
            """);
        return new SandboxStore(connection, clock);
    }

    public Task Enroll(SandboxMerchant merchant) => Guarded(transaction => connection.Execute(
        """
        insert into merchant (name, secret_key, signing_secret, webhook_url, webhook_host)
        values (@Name, @SecretKey, @SigningSecret, @url, @WebhookHost)
        on conflict (name) do update set secret_key = excluded.secret_key,
          signing_secret = excluded.signing_secret, webhook_url = excluded.webhook_url,
          webhook_host = excluded.webhook_host
        """,
        new
        {
            merchant.Name,
            merchant.SecretKey,
            merchant.SigningSecret,
            url = merchant.WebhookUrl.AbsoluteUri,
            merchant.WebhookHost,
        },
        transaction));

    /// <summary>Null where nobody has this key.</summary>
    public Task<string?> MerchantOf(string secretKey) => Guarded(transaction => connection.QueryFirstOrDefault<string>(
        "select name from merchant where secret_key = @secretKey", new { secretKey }, transaction));

    /// <summary>Does something for one merchant, wholly or not at all.</summary>
    public Task<T> Do<T>(string merchant, Func<SandboxWork, T> work) => Guarded(transaction =>
    {
        var room = new SandboxWork(connection, transaction, merchant, Clock.GetCurrentInstant(), Origin);
        var result = work(room);
        if (room.Save()) News.Release();
        return result;
    });

    /// <summary>Whose an object is; null where there is none.</summary>
    public Task<string?> OwnerOf(string id) => Guarded(transaction => connection.QueryFirstOrDefault<string>(
        "select merchant from object where id = @id", new { id }, transaction));

    /// <summary>The newest PaymentIntents of all merchants.</summary>
    public Task<IReadOnlyList<(string Merchant, JsonObject Intent)>> Newest(int most) => Guarded(
        IReadOnlyList<(string, JsonObject)> (transaction) =>
        [
            .. connection.Query<(string Merchant, string Body)>(
                "select merchant, body from object where kind = 'payment_intent' order by no desc limit @most",
                new { most }, transaction).Select(row => (row.Merchant, SandboxJson.Read(row.Body))),
        ]);

    public Task<SandboxAnswer?> Answered(string merchant, string key, string question) => Guarded(transaction =>
    {
        var since = (Clock.GetCurrentInstant() - Remembered).ToUnixTimeSeconds();
        connection.Execute("delete from answer where at < @since", new { since }, transaction);
        var kept = connection.QueryFirstOrDefault<(string Question, int Status, string Body)?>(
            "select question, status, body from answer where merchant = @merchant and key = @key",
            new { merchant, key }, transaction);
        if (kept is not { } first) return null;
        return first.Question == question
            ? new SandboxAnswer(first.Status, SandboxJson.Read(first.Body))
            : throw new SandboxError(
                400, "idempotency_error", null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with.");
    });

    public Task<IReadOnlyList<(string Merchant, string Id, string Deed, long No)>> Due() => Guarded(
        IReadOnlyList<(string, string, string, long)> (transaction) =>
        [
            .. connection.Query<(string, string, string, long)>(
                "select merchant, id, deed, no from due where at <= @now order by at, no limit 100",
                new { now = Clock.GetCurrentInstant().ToUnixTimeSeconds() }, transaction),
        ]);

    public Task NotDueAgain(long no) =>
        Guarded(transaction => connection.Execute("delete from due where no = @no", new { no }, transaction));

    /// <summary>What is to be posted now, with where and how to sign it.</summary>
    public Task<IReadOnlyList<SandboxPost>> Posts(long now) => Guarded(IReadOnlyList<SandboxPost> (transaction) =>
    [
        .. connection.Query<SandboxPost>(
            """
            select post.event as Event, post.body as Body, post.tries as Tries, signing_secret as SigningSecret,
              webhook_url as WebhookUrl, webhook_host as WebhookHost
            from post join merchant on merchant.name = post.merchant
            where next_at <= @now order by next_at, post.rowid limit 50
            """,
            new { now }, transaction),
    ]);

    public Task Posted(string id) =>
        Guarded(transaction => connection.Execute("delete from post where event = @id", new { id }, transaction));

    public Task PostAgain(string id, long at) => Guarded(transaction => connection.Execute(
        "update post set tries = tries + 1, next_at = @at where event = @id", new { id, at }, transaction));

    public Task<bool> IsQuiet() => Guarded(transaction =>
        connection.ExecuteScalar<long>("select count(*) from post", null, transaction) == 0);

    public async Task<long> Balance(string merchant, string currency)
    {
        var moved = await Do(merchant, work => work.List("balance_transaction", null, int.MaxValue));
        return moved.Where(one => one.Text("currency") == currency).Sum(one => one.Count("net"));
    }

    public void Dispose()
    {
        connection.Dispose();
        gate.Dispose();
        News.Dispose();
    }

    async Task<T> Guarded<T>(Func<SqliteTransaction, T> work)
    {
        await gate.WaitAsync();
        try
        {
            using var transaction = connection.BeginTransaction();
            var result = work(transaction);
            transaction.Commit();
            return result;
        }
        finally
        {
            gate.Release();
        }
    }
}

/// <summary>What the sandbox answered.</summary>
sealed record SandboxAnswer(int Status, JsonObject Body);

/// <summary>One event on its way to a merchant.</summary>
sealed class SandboxPost
{
    public string Event { get; init; } = "";
    public string Body { get; init; } = "";
    public long Tries { get; init; }
    public string SigningSecret { get; init; } = "";
    public string WebhookUrl { get; init; } = "";
    public string? WebhookHost { get; init; }
}
