using System.Buffers.Text;

namespace Tollkeeper.Engine.Rating;

/// <summary>The bytes of rated calls as they will stand in the file; used again for every chunk.</summary>
sealed class RatedLines
{
    const byte Quote = (byte)'"';

    byte[] bytes = new byte[1 << 20];
    int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Clear() => length = 0;

    /// <summary>Makes room for so many bytes; the methods below then write without asking.</summary>
    public void Reserve(int more)
    {
        if (bytes.Length - length < more) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + more));
    }

    public void Write(ReadOnlySpan<byte> raw)
    {
        raw.CopyTo(bytes.AsSpan(length));
        length += raw.Length;
    }

    public void Write(byte one) => bytes[length++] = one;

    public void WriteCount(int count)
    {
        Utf8Formatter.TryFormat(count, bytes.AsSpan(length), out var written);
        length += written;
    }

    /// <summary>An amount in micros, with its six decimals.</summary>
    public void WriteAmount(long micros)
    {
        Demand.That(micros >= 0, "a charge is not negative");
        var units = micros / Money.MicrosPerUnit;
        var rest = (uint)(micros - units * Money.MicrosPerUnit);
        Utf8Formatter.TryFormat(units, bytes.AsSpan(length), out var written);
        length += written;
        var to = bytes.AsSpan(length, 7);
        to[0] = (byte)'.';
        for (var i = 6; i > 0; i--)
        {
            to[i] = (byte)('0' + rest % 10);
            rest /= 10;
        }
        length += to.Length;
    }

    /// <summary>Whatever it is, as one quoted field.</summary>
    public void WriteQuoted(ReadOnlySpan<byte> field)
    {
        Write(Quote);
        foreach (var b in field)
        {
            if (b == Quote) Write(Quote);
            Write(b);
        }
        Write(Quote);
    }
}
