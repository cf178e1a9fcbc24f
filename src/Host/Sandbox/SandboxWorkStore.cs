using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Tollkeeper.Host.Sandbox;

/// <summary>One merchant's objects during one transaction: what was found and changed is written at its end.</summary>
sealed class SandboxWork(
    SqliteConnection connection, SqliteTransaction transaction, string merchant, Instant now, Uri origin)
{
    readonly Dictionary<string, JsonObject> known = [];
    bool told;

    public Instant Now => now;

    public long Seconds => now.ToUnixTimeSeconds();

    public static string NewId(string prefix)
    {
        var random = RandomNumberGenerator.GetBytes(15);
        return $"{prefix}_{PublicId.Base32(random)}";
    }

    /// <param name="parent">The PaymentIntent or customer that it belongs to.</param>
    public JsonObject Add(JsonObject made, string? parent = null)
    {
        connection.Execute(
            """
            insert into object (id, merchant, kind, parent, created, body)
            values (@id, @merchant, @kind, @parent, @created, '')
            """,
            new { id = made.Id(), merchant, kind = made.Text("object"), parent, created = made.Count("created") },
            transaction);
        return known[made.Id()] = made;
    }

    /// <summary>Whatever is changed on it is kept.</summary>
    public JsonObject? Find(string? id)
    {
        if (id is null) return null;
        if (known.TryGetValue(id, out var here)) return here;
        var body = connection.QueryFirstOrDefault<string>(
            "select body from object where id = @id and merchant = @merchant", new { id, merchant }, transaction);
        return body is null ? null : known[id] = SandboxJson.Read(body);
    }

    /// <exception cref="SandboxError">There is none of this kind.</exception>
    public JsonObject Get(string id, string kind) =>
        Find(id) is { } found && found.Text("object") == kind ? found : throw SandboxError.Unknown(id);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<JsonObject> List(
        string kind, string? parent, int most, string? after = null, long? since = null, long? before = null)
    {
        var ids = connection.Query<string>(
            """
            select id from object
            where merchant = @merchant and kind = @kind and (@parent is null or parent = @parent)
              and (@after is null or no < (select no from object where id = @after))
              and (@since is null or created >= @since) and (@before is null or created < @before)
            order by no desc limit @most
            """,
            new { merchant, kind, parent, after, since, before, most }, transaction);
        return [.. ids.Select(id => Get(id, kind))];
    }

    /// <summary>Something that happens by itself.</summary>
    public void Later(Duration wait, JsonObject about, string deed) => connection.Execute(
        "insert into due (at, merchant, id, deed) values (@at, @merchant, @id, @deed)",
        new { at = (now + wait).ToUnixTimeSeconds(), merchant, id = about.Id(), deed }, transaction);

    /// <summary>Tells the merchant, as the object is now.</summary>
    public void Tell(string type, JsonObject about)
    {
        var told = SandboxObjects.Event(this, type, Render(about, []));
        Add(told);
        connection.Execute(
            "insert into post (event, merchant, tries, next_at, body) values (@id, @merchant, 0, 0, @body)",
            new { id = told.Id(), merchant, body = told.Shown().ToJsonString() }, transaction);
        this.told = true;
    }

    /// <summary>As the API shows it.</summary>
    /// <param name="expand">Paths to what is shown whole instead of by its id.</param>
    public JsonObject Render(JsonObject kept, IEnumerable<string> expand)
    {
        var shown = kept.Shown();
        if (shown.Text("object") == "checkout.session")
            shown["url"] = shown.Text("status") == "open" ? new Uri(origin, $"/pay/{shown.Id()}").AbsoluteUri : null;
        foreach (var path in expand) Expand(shown, path.Split('.'));
        return shown;
    }

    public JsonObject ListOf(IReadOnlyList<JsonObject> found, int most, string path, IEnumerable<string> expand)
    {
        var list = new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. found.Take(most).Select(one => (JsonNode)one.Shown())]),
            ["has_more"] = found.Count > most,
            ["url"] = path,
        };
        foreach (var one in expand) Expand(list, one.Split('.'));
        return list;
    }

    public void Keep(string key, string question, SandboxAnswer answer) => connection.Execute(
        """
        insert into answer (merchant, key, question, at, status, body)
        values (@merchant, @key, @question, @Seconds, @Status, @body)
        """,
        new { merchant, key, question, Seconds, answer.Status, body = answer.Body.ToJsonString() }, transaction);

    /// <returns>Whether there is something to post.</returns>
    public bool Save()
    {
        foreach (var (id, kept) in known)
            connection.Execute(
                "update object set body = @body where id = @id and body <> @body",
                new { id, body = kept.ToJsonString() }, transaction);
        return told;
    }

    void Expand(JsonNode? at, ReadOnlySpan<string> path)
    {
        if (at is JsonArray list)
        {
            foreach (var one in list) Expand(one, path);
            return;
        }
        if (at is not JsonObject whole || path.IsEmpty) return;
        if (whole[path[0]] is JsonValue name && name.GetValueKind() == System.Text.Json.JsonValueKind.String
            && Find((string?)name) is { } found)
            whole[path[0]] = Render(found, []);
        Expand(whole[path[0]], path[1..]);
    }
}
