namespace CustomerSegmentation.Domain.Hashing;

/// <summary>
/// Shares equal names (categories, trait names, segment keys) between customers, so that a name costs a customer 8 bytes. A direct-mapped cache of fixed size:
/// a newer name takes an older one's slot. Races only lose sharing, never text.
/// </summary>
internal static class NamePool
{
    /// <summary>Longer names are not worth a slot.</summary>
    public const int LengthMax = 64;

    private const int Slots = 8192;
    private static readonly string?[] Names = new string?[Slots];

    public static string Share(string name) => Share(name, name.Length > LengthMax ? 0 : StableHash.Of(name));

    /// <param name="name">The name.</param>
    /// <param name="hash">Its <see cref="StableHash"/>; of no matter where the name is too long.</param>
    public static string Share(string name, ulong hash)
    {
        if (name.Length > LengthMax)
        {
            return name;
        }

        ref var slot = ref Names[hash % Slots];
        var held = Volatile.Read(ref slot);
        if (held is not null && string.Equals(held, name, StringComparison.Ordinal))
        {
            return held;
        }

        Volatile.Write(ref slot, name);
        return name;
    }

    /// <summary>The first <see cref="LengthMax"/> characters, never half a surrogate pair.</summary>
    public static string Bound(string name)
    {
        if (name.Length <= LengthMax)
        {
            return name;
        }

        var length = char.IsHighSurrogate(name[LengthMax - 1]) ? LengthMax - 1 : LengthMax;
        return name[..length];
    }
}
