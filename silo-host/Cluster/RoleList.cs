using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Cluster;

/// <summary>Reads <see cref="ClusterSettings.Roles"/>.</summary>
internal static class RoleList
{
    private static readonly SiloRoles[] Single = [SiloRoles.Customers, SiloRoles.Inference, SiloRoles.Api, SiloRoles.Coordinator];

    /// <summary>Names separated by commas, in any case; <c>all</c> for everything.</summary>
    /// <exception cref="CommandFailure">There is none, or one is unknown.</exception>
    public static SiloRoles Parse(string text)
    {
        var roles = SiloRoles.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= Find(name) ?? throw new CommandFailure($"'{name}' is no role (option Cluster:Roles): {Hint}");
        }

        return roles == SiloRoles.None ? throw new CommandFailure($"option Cluster:Roles names no role: {Hint}") : roles;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public static string Describe(SiloRoles roles) => roles == SiloRoles.All ? NameOf(roles) : string.Join(',', Single.Where(role => roles.HasFlag(role)).Select(NameOf));

    private static string Hint => $"give one or more of {string.Join(", ", Single.Select(NameOf))}, separated by commas, or {NameOf(SiloRoles.All)}";

    private static SiloRoles? Find(string name) =>
        Single.Append(SiloRoles.All).Where(role => NameOf(role).Equals(name, StringComparison.OrdinalIgnoreCase)).Select(role => (SiloRoles?)role).FirstOrDefault();

    private static string NameOf(SiloRoles role) => role.ToString().ToLowerInvariant();
}
