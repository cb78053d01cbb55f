using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CustomerSegmentation.Deploy.Tests.Files;

namespace CustomerSegmentation.Deploy.Tests.Containers;

/// <summary>The compose file: what refers to what, and that nothing in it is secret.</summary>
public sealed class ComposeTests
{
    private readonly JsonNode _compose = Yaml.Parse(Repository.Read("deploy/compose/compose.yaml"))[0];

    private IEnumerable<(string Name, JsonNode Service)> Silos =>
        ((JsonObject)_compose["services"]!).Where(s => s.Key != "postgres").Select(s => (s.Key, s.Value!));

    [Fact]
    public void There_are_two_silos_with_customers_one_that_runs_models_and_a_database()
    {
        Assert.Equal(["inference", "postgres", "silo1", "silo2"], ((JsonObject)_compose["services"]!).Select(s => s.Key).Order());
        var roles = Silos.ToDictionary(s => s.Name, s => s.Service.Map("environment")["Segmentation__Cluster__Roles"]);
        Assert.Equal(("customers,api,coordinator", "customers,api,coordinator", "inference"), (roles["silo1"], roles["silo2"], roles["inference"]));
    }

    [Fact]
    public void Silos_are_built_from_the_container_file_and_wait_for_the_database()
    {
        var stages = ContainerFile.Parse(Repository.Read("deploy/Containerfile")).Stages;
        foreach (var (_, silo) in Silos)
        {
            Assert.Equal("deploy/Containerfile", silo.Text("build.dockerfile"));
            Assert.Equal(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Path("deploy/compose"), silo.Text("build.context")!)));
            Assert.Contains(silo.Text("build.target"), stages);
            Assert.Equal("service_healthy", silo.Text("depends_on.postgres.condition"));
            Assert.Contains("/healthz/ready", string.Join(' ', silo.Items("healthcheck.test")), StringComparison.Ordinal);
            Assert.Equal("true", silo.Text("read_only"));
            Assert.Equal("--cluster", silo.Text("command.0"));
        }

        Assert.NotNull(_compose.At("services.postgres.healthcheck.test"));
    }

    [Fact]
    public void Addresses_volumes_and_times_agree()
    {
        var volumes = ((JsonObject)_compose["volumes"]!).Select(v => v.Key).ToHashSet();
        foreach (var (name, silo) in Silos)
        {
            var environment = silo.Map("environment");
            Assert.Equal(silo.Text("networks.shop.ipv4_address"), environment["Segmentation__Cluster__Address"]);
            Assert.Equal(name, environment["Segmentation__Cluster__Silo"]);
            Assert.All(silo.Items("volumes"), v => Assert.Contains(v.GetValue<string>().Split(':')[0], volumes));
            var grace = int.Parse(silo.Text("stop_grace_period")!.TrimEnd('s'), CultureInfo.InvariantCulture);
            Assert.True(grace >= Number(environment, "Segmentation__Cluster__DrainSeconds") + Number(environment, "Segmentation__Cluster__StopSeconds") + 10);
        }

        Assert.Equal(4, ((JsonObject)_compose["services"]!).Select(s => s.Value.Text("networks.shop.ipv4_address")).Distinct().Count());
    }

    [Fact]
    public void Secrets_come_from_the_environment_and_ports_are_open_on_this_machine_alone()
    {
        var example = EnvironmentFile.Parse(Repository.Read("deploy/compose/env.example"));
        foreach (var (_, service) in ((JsonObject)_compose["services"]!).Select(s => (s.Key, s.Value!)))
        {
            foreach (var (name, value) in service.Map("environment").Where(e => Regex.IsMatch(e.Key, "PASSWORD|Keys")))
            {
                var variable = Regex.Match(value, @"^\$\{(\w+):\?").Groups[1].Value;
                Assert.True(example.ContainsKey(variable), $"{name} is {value}");
                Assert.Equal("", example[variable]);
            }

            Assert.All(service.Items("ports"), p => Assert.StartsWith("127.0.0.1:", p.GetValue<string>(), StringComparison.Ordinal));
        }

        Assert.DoesNotContain("Password=", Repository.Read("deploy/compose/compose.yaml"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_gpu_file_changes_the_inference_silo_alone()
    {
        var gpu = Yaml.Parse(Repository.Read("deploy/compose/gpu.yaml"))[0];
        Assert.Equal("inference", Assert.Single((JsonObject)gpu["services"]!).Key);
        Assert.Equal("gpu", gpu.Text("services.inference.build.args.VARIANT"));
        Assert.Equal("nvidia", gpu.Text("services.inference.deploy.resources.reservations.devices.0.driver"));
    }

    private static int Number(IReadOnlyDictionary<string, string> environment, string name) => int.Parse(environment[name], CultureInfo.InvariantCulture);
}
