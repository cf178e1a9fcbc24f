using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// The secret that is kept beside the database and not in it: 32 random bytes, raw or in base64. What is sealed with it
/// (the keys of cookies, the secrets of authenticators) is of no use to whoever has the database alone.
/// </summary>
public sealed class KeyFile
{
    const int SecretBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;
    const byte Version = 1;

    readonly byte[] sealing;
    readonly byte[] hashing;

    KeyFile(byte[] secret)
    {
        sealing = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "tollkeeper sealing"u8.ToArray());
        hashing = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "tollkeeper hashing"u8.ToArray());
    }

    /// <summary>
    /// Reads the file that is named; where none is, the file <c>key</c> in the data folder, which is made at the first
    /// start, readable by its owner alone. Refusal: <see cref="Refusal.FileUnreadable"/>.
    /// </summary>
    public static Result<KeyFile> Open(string? path, string dataFolder)
    {
        var file = path ?? Path.Combine(dataFolder, "key");
        try
        {
            if (path is null && !File.Exists(file)) Make(file);
            using var stream = File.OpenRead(file);
            Span<byte> read = stackalloc byte[SecretBytes * 4];
            var content = read[..stream.ReadAtLeast(read, read.Length, throwOnEndOfStream: false)];
            return Secret(content) is { } secret
                ? new KeyFile(secret)
                : new Refused(Refusal.FileUnreadable, $"key file {file}: not {SecretBytes} bytes, raw or in base64");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new Refused(Refusal.FileUnreadable, $"key file {file}: {broken.Message}");
        }
    }

    /// <param name="purpose">What is sealed for one purpose does not open for another.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> content)
    {
        var result = new byte[1 + NonceBytes + content.Length + TagBytes];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(sealing, TagBytes);
        aes.Encrypt(
            nonce, content, result.AsSpan(1 + NonceBytes, content.Length), result.AsSpan(^TagBytes..),
            Encoding.UTF8.GetBytes(purpose));
        return result;
    }

    /// <summary>Refusal: <see cref="Refusal.KeyFileDiffers"/>.</summary>
    public Result<byte[]> Unseal(string purpose, ReadOnlySpan<byte> sealedContent)
    {
        if (sealedContent.Length < 1 + NonceBytes + TagBytes || sealedContent[0] != Version)
            return Refusal.KeyFileDiffers;
        var content = new byte[sealedContent.Length - 1 - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(sealing, TagBytes);
            aes.Decrypt(
                sealedContent.Slice(1, NonceBytes), sealedContent[(1 + NonceBytes)..^TagBytes],
                sealedContent[^TagBytes..], content, Encoding.UTF8.GetBytes(purpose));
            return content;
        }
        catch (CryptographicException)
        {
            return Refusal.KeyFileDiffers;
        }
    }

    /// <summary>A hash of something short, which nobody can guess without the key file.</summary>
    public byte[] Mac(string purpose, string text) =>
        HMACSHA256.HashData(hashing, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    /// <summary>Of two programs that start at the same moment, one makes it and both use it.</summary>
    static void Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var unfinished = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        {
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)) + "\n";
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(unfinished, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(unfinished);
        }
    }

    static byte[]? Secret(ReadOnlySpan<byte> content)
    {
        if (content.Length == SecretBytes) return content.ToArray();
        var decoded = new byte[SecretBytes + 1];
        var trimmed = content.Trim("\r\n\t "u8);
        return Base64.DecodeFromUtf8(trimmed, decoded, out var used, out var written)
            == System.Buffers.OperationStatus.Done && used == trimmed.Length && written == SecretBytes
            ? decoded[..SecretBytes]
            : null;
    }
}

/// <summary>
/// Finds out at the start whether the key file is the one that this database's secrets are sealed with. The first
/// server leaves something sealed there. Refusal: <see cref="Refusal.KeyFileDiffers"/>.
/// </summary>
public sealed class ProveKeyFile(Database database)
{
    const string Purpose = "proof";

    public async Task<Result<KeyFile>> Run(KeyFile file, CancellationToken ct = default)
    {
        var proof = await database.InTransaction<byte[]>(
            (connection, transaction) => SealedStore.ProofOrFirst(
                connection, transaction, file.Seal(Purpose, "tollkeeper"u8)),
            ct);
        var unsealed = file.Unseal(Purpose, proof);
        return unsealed.Refused is { } differs ? differs : file;
    }
}
