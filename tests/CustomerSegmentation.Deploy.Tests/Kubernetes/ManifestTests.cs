using System.Globalization;
using CustomerSegmentation.Deploy.Tests.Files;

namespace CustomerSegmentation.Deploy.Tests.Kubernetes;

/// <summary>
/// The manifests, as far as they can be checked without a cluster: form and fields by kind, what refers to what, and the rules that they keep. Kubernetes' own
/// schemas are not at hand: a field that is misspelt where none of these rules look is not found here.
/// </summary>
public sealed class ManifestTests
{
    private const string Settings = "deploy/kubernetes/base/settings.env";

    [Fact]
    public void Manifests_of_the_base_keep_the_rules()
    {
        var manifests = new Manifests(Rendering.OfBase());
        Check(manifests, new HashSet<string> { "segmentation-settings" });
        var settings = EnvironmentFile.Parse(Repository.Read(Settings));
        manifests.LeaveTimeToStop(Number(settings, "Segmentation__Cluster__DrainSeconds"), Number(settings, "Segmentation__Cluster__StopSeconds"));
        Assert.Equal(["api", "coordinator", "customers", "inference"], manifests.Silos.Select(Manifests.NameOf).Order());
        Assert.Equal(["api", "coordinator", "customers", "inference"], manifests.Of("PodDisruptionBudget").Select(Manifests.NameOf).Order());
    }

    [Fact]
    public void Each_silo_has_the_role_of_its_name_and_learns_who_it_is_from_its_pod()
    {
        foreach (var silo in new Manifests(Rendering.OfBase()).Silos)
        {
            var environment = Manifests.Containers(silo).Single().Items("env").ToDictionary(e => e.Text("name")!);
            Assert.Equal(Manifests.NameOf(silo), environment["Segmentation__Cluster__Roles"].Text("value"));
            Assert.Equal("metadata.name", environment["POD_NAME"].Text("valueFrom.fieldRef.fieldPath"));
            Assert.Equal("status.podIP", environment["POD_IP"].Text("valueFrom.fieldRef.fieldPath"));
        }
    }

    [Fact]
    public void Ports_of_silos_are_those_of_the_settings()
    {
        var settings = EnvironmentFile.Parse(Repository.Read(Settings));
        foreach (var container in new Manifests(Rendering.OfBase()).Silos.SelectMany(Manifests.Containers))
        {
            var ports = container.Items("ports").ToDictionary(p => p.Text("name")!, p => p.Text("containerPort"));
            Assert.Equal(settings["Segmentation__Cluster__SiloPort"], ports["silo"]);
            Assert.Equal(settings["Segmentation__Cluster__GatewayPort"], ports["gateway"]);
            Assert.Equal(settings["Segmentation__Telemetry__MetricsPort"], ports["metrics"]);
            Assert.Contains($"http://*:{ports["http"]}", container.Items("args").Select(a => a.GetValue<string>()));
        }
    }

    [Fact]
    public void Only_inference_silos_ask_for_gpus_and_the_nodes_that_have_them()
    {
        var silos = new Manifests(Rendering.OfBase()).Silos.ToDictionary(Manifests.NameOf);
        var gpu = Manifests.Containers(silos["inference"]).Single();
        Assert.Equal("1", gpu.At("resources.limits")!["nvidia.com/gpu"]!.GetValue<string>());
        Assert.Equal("true", silos["inference"].Map("spec.template.spec.nodeSelector")["nvidia.com/gpu.present"]);
        Assert.Equal("nvidia.com/gpu", silos["inference"].Text("spec.template.spec.tolerations.0.key"));
        Assert.Equal("customer-segmentation-gpu", gpu.Text("image"));
        Assert.All(silos.Where(s => s.Key != "inference"), s => Assert.Null(s.Value.At("spec.template.spec.tolerations")));
    }

    [KustomizeTheory]
    [InlineData("deploy/kubernetes/base")]
    [InlineData("deploy/kubernetes/overlays/one-node")]
    [InlineData("deploy/kubernetes/overlays/production")]
    public void What_kustomize_renders_keeps_the_rules(string folder)
    {
        var manifests = new Manifests(Rendering.Of(folder));
        var settings = manifests.Of("ConfigMap").Single(m => Manifests.NameOf(m).StartsWith("segmentation-settings-", StringComparison.Ordinal));
        Check(manifests, new HashSet<string> { Manifests.NameOf(settings) });
        var data = settings.Map("data");
        manifests.LeaveTimeToStop(Number(data, "Segmentation__Cluster__DrainSeconds"), Number(data, "Segmentation__Cluster__StopSeconds"));
        Assert.Empty(manifests.Of("Secret"));
    }

    [KustomizeTheory]
    [InlineData("deploy/kubernetes/overlays/one-node")]
    public void One_node_runs_everything_in_one_silo_without_a_gpu(string folder)
    {
        var manifests = new Manifests(Rendering.Of(folder));
        var silo = manifests.Silos.Single();
        Assert.Equal("1", silo.Text("spec.replicas"));
        var container = Manifests.Containers(silo).Single();
        Assert.Equal("all", container.Items("env").Single(e => e.Text("name") == "Segmentation__Cluster__Roles").Text("value"));
        Assert.DoesNotContain("nvidia.com/gpu", container.Map("resources.limits").Keys);
        Assert.Empty(manifests.Of("HorizontalPodAutoscaler"));
        Assert.Single(manifests.Of("StatefulSet"), m => Manifests.NameOf(m) == "postgres");
    }

    [KustomizeTheory]
    [InlineData("deploy/kubernetes/overlays/production")]
    public void Production_has_several_silos_of_each_role_apart_from_each_other(string folder)
    {
        var manifests = new Manifests(Rendering.Of(folder));
        foreach (var silo in manifests.Silos)
        {
            Assert.True(int.Parse(silo.Text("spec.replicas")!, CultureInfo.InvariantCulture) >= 2);
            var apart = silo.Items("spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution").Single();
            Assert.Equal("kubernetes.io/hostname", apart.Text("topologyKey"));
            Assert.Equal(Manifests.NameOf(silo), apart.Map("labelSelector.matchLabels")["app.kubernetes.io/name"]);
            Assert.Equal("DoNotSchedule", silo.Text("spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable"));
            Assert.StartsWith("registry.example.com/", Manifests.Containers(silo).Single().Text("image"), StringComparison.Ordinal);
        }
    }

    private static void Check(Manifests manifests, IReadOnlySet<string> settings)
    {
        manifests.HaveTheFieldsOfTheirKind();
        manifests.HaveSelectorsThatFindPods();
        manifests.HavePortsThatContainersListenOn();
        manifests.ReferToWhatThereIs(settings);
        manifests.RunWithLittlePower();
    }

    private static int Number(IReadOnlyDictionary<string, string> settings, string name) => int.Parse(settings[name], CultureInfo.InvariantCulture);
}
