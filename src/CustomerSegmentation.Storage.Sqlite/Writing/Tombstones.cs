using System.Security.Cryptography;
using System.Text;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Who was erased, as salted SHA-256 of the id: enough to recognise a late event, not enough to list names.</summary>
internal static class Tombstones
{
    public static bool Contains(Database database, SharedState shared, string customerId)
    {
        if (!shared.AnyErased)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(shared.Salt, customerId, hash);
        var row = database["tombstone_get"].Bind(1, hash);
        var found = row.Step();
        row.Reset();
        return found;
    }

    public static void Add(Database database, SharedState shared, string customerId, long atMs)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(shared.Salt, customerId, hash);
        database["tombstone_insert"].Bind(1, hash).Bind(2, atMs).Run();
    }

    private static void Hash(ReadOnlySpan<byte> salt, string customerId, Span<byte> hash)
    {
        var bytes = new byte[salt.Length + Encoding.UTF8.GetByteCount(customerId)];
        salt.CopyTo(bytes);
        Encoding.UTF8.GetBytes(customerId, bytes.AsSpan(salt.Length));
        SHA256.HashData(bytes, hash);
    }
}
