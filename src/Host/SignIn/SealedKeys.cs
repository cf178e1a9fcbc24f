using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// The keys of cookies and forms, in the database: restarts and other nodes read what this node wrote. The framework
/// asks seldom and without waiting for an answer, hence the blocking here.
/// </summary>
sealed class SealedKeys(Installation installation) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Read().GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) =>
        Write(element, friendlyName).GetAwaiter().GetResult();

    async Task<IReadOnlyCollection<XElement>> Read()
    {
        await using var connection = await installation.Database.Connect();
        return [.. (await SealedStore.DataProtectionKeys(connection)).Select(xml => XElement.Parse(xml))];
    }

    Task<bool> Write(XElement element, string name) => installation.Database.InTransaction<bool>(
        async (connection, transaction) =>
        {
            await SealedStore.AddDataProtectionKey(
                connection, transaction, name, element.ToString(SaveOptions.DisableFormatting),
                installation.Clock.GetCurrentInstant());
            return true;
        });
}

/// <summary>Seals the secret part of such a key with the key file.</summary>
sealed class KeySealer(KeyFile file) : IXmlEncryptor
{
    public const string Purpose = "data protection key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var element = new XElement("sealed", Convert.ToBase64String(file.Seal(Purpose, plain)));
        return new EncryptedXmlInfo(element, typeof(KeyUnsealer));
    }
}

/// <summary>Opens it again; made by the framework, by the name that stands in the key.</summary>
public sealed class KeyUnsealer(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var file = services.GetRequiredService<Installation>().KeyFile;
        var opened = file.Unseal(KeySealer.Purpose, Convert.FromBase64String(encryptedElement.Value));
        return XElement.Parse(Encoding.UTF8.GetString(opened.Value));
    }
}
