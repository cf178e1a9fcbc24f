using Tollkeeper.Engine.Storage;
using Xunit;

namespace Tollkeeper.Tests.Engine.Storage;

public sealed class KeyFileTests
{
    [BothDatabases]
    public async Task A_node_with_another_key_file_than_the_databases_is_refused(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var prove = new ProveKeyFile(test.Database);
        var own = KeyFile.Open(null, test.Folder).Value;
        Assert.True((await prove.Run(own)).Accepted);
        Assert.True((await prove.Run(KeyFile.Open(null, test.Folder).Value)).Accepted);
        var other = KeyFile.Open(null, Path.Combine(test.Folder, "elsewhere")).Value;
        Assert.Equal(Refusal.KeyFileDiffers, (await prove.Run(other)).Refused?.Refusal);
    }

    [Fact]
    public void The_file_is_made_once_for_its_owner_alone_and_read_raw_or_in_base64()
    {
        var folder = Directory.CreateTempSubdirectory("tollkeeper-test-").FullName;
        try
        {
            var made = KeyFile.Open(null, folder).Value;
            var path = Path.Combine(folder, "key");
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var raw = Path.Combine(folder, "raw");
            File.WriteAllBytes(raw, Convert.FromBase64String(File.ReadAllText(path)));
            var sealedText = made.Seal("a", "secret"u8);
            Assert.Equal("secret"u8.ToArray(), KeyFile.Open(raw, folder).Value.Unseal("a", sealedText).Value);
            Assert.Equal(Refusal.KeyFileDiffers, made.Unseal("b", sealedText).Refused?.Refusal);
            sealedText[^1] ^= 1;
            Assert.Equal(Refusal.KeyFileDiffers, made.Unseal("a", sealedText).Refused?.Refusal);
            Assert.Equal(Refusal.KeyFileDiffers, made.Unseal("a", []).Refused?.Refusal);
            Assert.Equal(made.Mac("a", "b"), KeyFile.Open(raw, folder).Value.Mac("a", "b"));
            File.WriteAllText(raw, "too short");
            Assert.Equal(Refusal.FileUnreadable, KeyFile.Open(raw, folder).Refused?.Refusal);
            Assert.Equal(Refusal.FileUnreadable,
                KeyFile.Open(Path.Combine(folder, "none"), folder).Refused?.Refusal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
