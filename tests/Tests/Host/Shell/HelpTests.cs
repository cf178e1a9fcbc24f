using System.Reflection;
using Microsoft.AspNetCore.Components;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Scenarios;
using Tollkeeper.Tests.Tidy;
using Xunit;

namespace Tollkeeper.Tests.Host.Shell;

/// <summary>R3: help for every page, in three languages.</summary>
public sealed class HelpTests
{
    static IEnumerable<Type> Pages =>
        typeof(HelpTopics).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any());

    [Fact]
    public void R3_Each_page_names_a_topic_that_there_is()
    {
        Assert.NotEmpty(Pages);
        SourceTree.AssertNone(
            Pages.Where(page => HelpTopics.Named(page.GetCustomAttribute<HelpAttribute>()?.Topic) is null)
                .Select(page => page.Name),
            "A page says [Help(\"…\")] with a topic of HelpTopics:");
    }

    [Fact]
    public void R3_Each_topic_has_a_title_and_some_sentences_in_each_language()
    {
        Assert.Equal(HelpTopics.All.Count, HelpTopics.All.Select(topic => topic.Name).Distinct().Count());
        foreach (var language in Languages.All)
            foreach (var topic in HelpTopics.All)
            {
                Assert.NotEmpty(Texts.Of(language)[topic.Title]);
                Assert.True(Texts.Of(language)[topic.Text].Count(c => c is '.') >= 2, $"{topic.Name} in {language}");
            }
    }

    [Fact]
    public async Task R3_Each_page_leads_to_its_help_and_the_list_shows_what_its_reader_can_open()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        var no = await served.AccountNo((await shop.Customer("10")).Id);
        await served.User(shop.Provider, "ana@example.com", Served.Password, no, role: Role.ReadOnly);
        await served.Engineer(shop.Provider, "eve@example.com");
        using var nobody = served.At(shop.Provider, "fr");
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        using var eve = await served.SignedIn(shop.Provider, "eve@example.com");
        foreach (var (visitor, page, topic) in new[]
        {
            (nobody, "/sign-in", "sign-in"), (ana, "/calls", "calls"), (ana, "/account/security", "security"),
            (eve, "/office/jobs", "jobs"), (eve, "/help", "help"), (ana, "/nowhere", null),
        })
        {
            var link = (await visitor.Open(page)).Document.QuerySelector(".bar-help")!.GetAttribute("href")!;
            Assert.Equal(topic is null ? "/help" : "/help/" + topic, link);
            Assert.Equal(200, (await visitor.Open(link)).Status);
        }
        Assert.Contains("clé d’accès", (await nobody.Open("/help/sign-in")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await nobody.Open("/help/calls")).Status);
        Assert.Equal(404, (await ana.Open("/help/jobs")).Status);
        Assert.Equal(404, (await ana.Open("/help/keys")).Status);
        Assert.Equal(404, (await ana.Open("/help/<b>")).Status);
        Assert.Equal(["network"], await Listed(ana, "/help/network", "/help/keys", "/help/jobs"));
        Assert.Equal(["jobs"], await Listed(eve, "/help/network", "/help/keys", "/help/jobs"));
    }

    static async Task<IReadOnlyList<string>> Listed(Visitor visitor, params string[] paths)
    {
        var list = (await visitor.Open("/help")).Document;
        return [.. paths.Where(path => list.QuerySelector($"main a[href='{path}']") is not null)
            .Select(path => path["/help/".Length..])];
    }
}
