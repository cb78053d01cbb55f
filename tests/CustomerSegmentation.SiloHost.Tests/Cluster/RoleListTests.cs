using CustomerSegmentation.SiloHost.Cluster;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Tests.Cluster;

public sealed class RoleListTests
{
    [Theory]
    [InlineData("all", 15)]
    [InlineData("customers", 1)]
    [InlineData("inference", 2)]
    [InlineData("api", 4)]
    [InlineData("coordinator", 8)]
    [InlineData(" Api , coordinator", 12)]
    [InlineData("customers,customers", 1)]
    [InlineData("api,all", 15)]
    public void Names_in_any_case_and_order_are_read(string text, int roles)
    {
        Assert.Equal((SiloRoles)roles, RoleList.Parse(text));
        Assert.Equal((SiloRoles)roles, RoleList.Parse(RoleList.Describe((SiloRoles)roles)));
    }

    [Theory]
    [InlineData("gpu", "'gpu' is no role (option Cluster:Roles): give one or more of customers, inference, api, coordinator, separated by commas, or all")]
    [InlineData("customers;api", "'customers;api' is no role")]
    [InlineData("none", "'none' is no role")]
    [InlineData("3", "'3' is no role")]
    [InlineData(" , ", "names no role")]
    [InlineData("", "names no role")]
    public void Unknown_or_no_role_is_refused_with_those_there_are(string text, string message) =>
        Assert.Contains(message, Assert.Throws<CommandFailure>(() => RoleList.Parse(text)).Message, StringComparison.Ordinal);
}
