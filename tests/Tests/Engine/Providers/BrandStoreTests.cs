using System.Text;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Engine.Providers;

public sealed class BrandStoreTests
{
    static readonly byte[] Logo = Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"/>");

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_brand_is_known_to_every_node_at_once_and_a_provider_without_one_has_a_plain_one(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var node = new ProvidersInForce();
        await node.Refresh(test.Database, default);
        Assert.Equal(Brand.Plain(provider), node.BrandOf(provider).Brand);

        var save = new SaveBrand(test.Database, clock);
        var saved = await save.Run(provider.No, "Nord & Sud", "#aabbcc", "#112233", Logo, "test");
        Assert.Equal("image/svg+xml", saved.Value.LogoType);
        await node.Refresh(test.Database, default);
        Assert.Equal(saved.Value, node.BrandOf(provider).Brand);
        Assert.Equal(Logo, node.BrandOf(provider).Logo);

        Assert.True((await save.Run(provider.No, "Again", "#aabbcc", "#112233", null, "test")).Accepted);
        await node.Refresh(test.Database, default);
        Assert.Equal(("Again", null), (node.BrandOf(provider).Brand.Name, node.BrandOf(provider).Brand.LogoType));
    }

    [BothDatabases]
    public async Task What_is_no_image_and_whose_provider_does_not_exist_is_refused(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var save = new SaveBrand(test.Database, clock);
        Assert.Equal(Refusal.BadLogo, await Refused(provider.No, [1, 2, 3]));
        Assert.Equal(Refusal.BadLogo, await Refused(provider.No, [.. Logo, .. new byte[Brand.MostLogoBytes]]));
        Assert.Equal(Refusal.UnknownProvider, await Refused(99, null));

        async Task<Refusal?> Refused(int no, byte[]? logo) =>
            (await save.Run(no, "N", "#aabbcc", "#112233", logo, "test")).Refused?.Refusal;
    }
}
