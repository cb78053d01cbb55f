using System.Text.Json.Nodes;
using CustomerSegmentation.Deploy.Tests.Files;

namespace CustomerSegmentation.Deploy.Tests.Kubernetes;

/// <summary>The rules that every set of manifests keeps.</summary>
internal sealed class Manifests(IReadOnlyList<JsonNode> all)
{
    /// <summary>Secrets that whoever installs makes: deploy/README.md says how.</summary>
    private static readonly Dictionary<string, string[]> Secrets = new()
    {
        ["segmentation-database"] = ["password"],
        ["segmentation-keys"] = ["write", "admin", "write-next", "admin-next"],
    };

    private static readonly Dictionary<string, (string Api, string[] Required)> Kinds = new()
    {
        ["Namespace"] = ("v1", ["metadata.name"]),
        ["ServiceAccount"] = ("v1", ["automountServiceAccountToken"]),
        ["ConfigMap"] = ("v1", ["data"]),
        ["Service"] = ("v1", ["spec.selector", "spec.ports.0.port", "spec.ports.0.targetPort"]),
        ["Deployment"] = ("apps/v1", ["spec.replicas", "spec.selector.matchLabels", "spec.template.metadata.labels", "spec.template.spec.containers.0.image"]),
        ["StatefulSet"] = ("apps/v1", ["spec.serviceName", "spec.selector.matchLabels", "spec.template.spec.containers.0.image"]),
        ["PodDisruptionBudget"] = ("policy/v1", ["spec.maxUnavailable", "spec.selector.matchLabels"]),
        ["HorizontalPodAutoscaler"] = ("autoscaling/v2", ["spec.scaleTargetRef.name", "spec.minReplicas", "spec.maxReplicas", "spec.metrics.0.type"]),
        ["NetworkPolicy"] = ("networking.k8s.io/v1", ["spec.podSelector.matchLabels", "spec.policyTypes.0"]),
    };

    public IEnumerable<JsonNode> Of(string kind) => all.Where(m => m.Text("kind") == kind);

    public IEnumerable<JsonNode> Workloads => Of("Deployment").Concat(Of("StatefulSet"));

    public IEnumerable<JsonNode> Silos => Of("Deployment");

    public static string NameOf(JsonNode manifest) => manifest.Text("metadata.name")!;

    public void HaveTheFieldsOfTheirKind()
    {
        Assert.NotEmpty(all);
        foreach (var manifest in all)
        {
            var kind = manifest.Text("kind") ?? "none";
            Assert.True(Kinds.ContainsKey(kind), $"unknown kind {kind}");
            Assert.Equal(Kinds[kind].Api, manifest.Text("apiVersion"));
            Assert.Matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", NameOf(manifest));
            Assert.All(Kinds[kind].Required, path => Assert.True(manifest.At(path) is not null, $"{kind} {NameOf(manifest)} has no {path}"));
        }

        Assert.Equal(all.Count, all.Select(m => $"{m.Text("kind")} {m.Text("metadata.namespace")} {NameOf(m)}").Distinct().Count());
    }

    public void HaveSelectorsThatFindPods()
    {
        foreach (var workload in Workloads)
        {
            Assert.True(Selects(workload.Map("spec.selector.matchLabels"), Labels(workload)), $"{NameOf(workload)} does not select its own pods");
        }

        foreach (var (manifest, path) in Of("Service").Select(m => (m, "spec.selector"))
            .Concat(Of("PodDisruptionBudget").Select(m => (m, "spec.selector.matchLabels")))
            .Concat(Of("NetworkPolicy").Select(m => (m, "spec.podSelector.matchLabels"))))
        {
            Assert.Contains(Workloads, workload => Selects(manifest.Map(path), Labels(workload)));
        }

        foreach (var scaler in Of("HorizontalPodAutoscaler"))
        {
            Assert.Contains(Workloads, w => NameOf(w) == scaler.Text("spec.scaleTargetRef.name") && w.Text("kind") == scaler.Text("spec.scaleTargetRef.kind"));
            Assert.True(int.Parse(scaler.Text("spec.minReplicas")!) <= int.Parse(scaler.Text("spec.maxReplicas")!));
        }
    }

    public void HavePortsThatContainersListenOn()
    {
        foreach (var container in Workloads.SelectMany(Containers))
        {
            var ports = container.Items("ports").ToDictionary(p => p.Text("name")!, p => p.Text("containerPort")!);
            foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
            {
                Assert.True(container.At(probe) is not null, $"{container.Text("name")} has no {probe}");
                if (container.Text($"{probe}.httpGet.port") is { } port)
                {
                    Assert.Contains(port, ports.Keys);
                    Assert.StartsWith("/healthz/", container.Text($"{probe}.httpGet.path"), StringComparison.Ordinal);
                }
            }
        }

        foreach (var service in Of("Service"))
        {
            var behind = Workloads.Where(w => Selects(service.Map("spec.selector"), Labels(w))).SelectMany(Containers);
            Assert.All(behind, c => Assert.All(service.Items("spec.ports"), p => Assert.Contains(p.Text("targetPort"), c.Items("ports").Select(o => o.Text("name")))));
        }

        foreach (var policy in Of("NetworkPolicy"))
        {
            var named = policy.Items("spec.ingress").SelectMany(rule => rule.Items("ports")).Select(p => p.Text("port"));
            Assert.Superset(named.ToHashSet(), Workloads.SelectMany(Containers).SelectMany(c => c.Items("ports")).Select(p => p.Text("name")).ToHashSet());
        }
    }

    /// <param name="settings">Names of the ConfigMaps that there are.</param>
    public void ReferToWhatThereIs(IReadOnlySet<string> settings)
    {
        foreach (var container in Workloads.SelectMany(Containers))
        {
            Assert.All(container.Items("envFrom"), from => Assert.Contains(from.Text("configMapRef.name")!, settings));
            foreach (var secret in container.Items("env").Select(e => e.At("valueFrom.secretKeyRef")).OfType<JsonNode>())
            {
                Assert.Contains(secret.Text("key"), Secrets[secret.Text("name")!]);
            }
        }

        foreach (var workload in Silos)
        {
            Assert.Contains(workload.Text("spec.template.spec.serviceAccountName"), Of("ServiceAccount").Select(NameOf));
        }

        foreach (var set in Of("StatefulSet"))
        {
            Assert.Contains(set.Text("spec.serviceName"), Of("Service").Select(NameOf));
        }
    }

    public void RunWithLittlePower()
    {
        foreach (var workload in Workloads)
        {
            var pod = workload.At("spec.template.spec");
            Assert.Equal("true", pod.Text("securityContext.runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.Text("securityContext.seccompProfile.type"));
            Assert.Equal("false", pod.Text("automountServiceAccountToken"));
            var volumes = pod.Items("volumes").Concat(workload.Items("spec.volumeClaimTemplates").Select(c => c.At("metadata")!)).Select(v => v.Text("name")).ToHashSet();
            foreach (var container in Containers(workload))
            {
                Assert.Equal("false", container.Text("securityContext.allowPrivilegeEscalation"));
                Assert.Equal("true", container.Text("securityContext.readOnlyRootFilesystem"));
                Assert.Equal("ALL", container.Text("securityContext.capabilities.drop.0"));
                Assert.NotNull(container.Text("resources.limits.memory"));
                Assert.NotNull(container.Text("resources.requests.cpu"));
                Assert.All(container.Items("volumeMounts"), m => Assert.Contains(m.Text("name"), volumes));
            }
        }
    }

    /// <param name="drain">Seconds in which requests are still answered.</param>
    /// <param name="stop">Seconds in which customers move.</param>
    public void LeaveTimeToStop(int drain, int stop)
    {
        foreach (var silo in Silos)
        {
            Assert.True(int.Parse(silo.Text("spec.template.spec.terminationGracePeriodSeconds")!) >= drain + stop + 10, $"{NameOf(silo)} is killed before it has stopped");
            Assert.Equal("RollingUpdate", silo.Text("spec.strategy.type"));
            Assert.Equal("1", silo.Text("spec.strategy.rollingUpdate.maxSurge") == "0" ? silo.Text("spec.strategy.rollingUpdate.maxUnavailable") : silo.Text("spec.strategy.rollingUpdate.maxSurge"));
        }
    }

    public static IEnumerable<JsonNode> Containers(JsonNode workload) => workload.Items("spec.template.spec.containers");

    private static IReadOnlyDictionary<string, string> Labels(JsonNode workload) => workload.Map("spec.template.metadata.labels");

    private static bool Selects(IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value);
}
