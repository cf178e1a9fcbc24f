using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tollkeeper.Engine.Accounts;

/// <summary>What a link in a mail opens with: 256 random bits, of which only a hash is kept.</summary>
static class LinkToken
{
    public const int Length = 43;
    const int Bytes = 32;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Sha256(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
