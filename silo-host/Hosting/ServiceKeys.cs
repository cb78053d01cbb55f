namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The keys of a data folder's service.</summary>
/// <param name="WriteKey">May send events.</param>
/// <param name="AdminKey">May read, steer and import.</param>
internal sealed record ServiceKeys(string WriteKey, string AdminKey)
{
    public override string ToString() => "ServiceKeys (hidden)";
}
