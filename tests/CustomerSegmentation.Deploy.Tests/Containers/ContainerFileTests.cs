using System.Text.RegularExpressions;
using CustomerSegmentation.Deploy.Tests.Files;
using CustomerSegmentation.Deploy.Tests.Kubernetes;

namespace CustomerSegmentation.Deploy.Tests.Containers;

/// <summary>The container file, read but not built: a build needs a container runtime and its base images.</summary>
public sealed class ContainerFileTests
{
    private readonly ContainerFile _file = ContainerFile.Parse(Repository.Read("deploy/Containerfile"));

    [Fact]
    public void Stages_use_stages_before_them_and_arguments_that_exist()
    {
        var seen = new HashSet<string>();
        foreach (var instruction in _file.Instructions)
        {
            foreach (Match from in Regex.Matches(instruction.Value, "--from=(\\S+)"))
            {
                Assert.Contains(from.Groups[1].Value, seen);
            }

            if (instruction.Name == "FROM")
            {
                Assert.All(Regex.Matches(instruction.Value, @"\$\{(\w+)\}").Select(m => m.Groups[1].Value), argument => Assert.Contains(argument, _file.Arguments.Keys));
                Assert.True(seen.Add(instruction.Stage));
            }
        }

        Assert.Equal("cpu", _file.Arguments["VARIANT"]);
        Assert.Superset(new HashSet<string> { "runtime-cpu", "runtime-gpu" }, seen);
        Assert.Equal("service", _file.Stages[^1]);
    }

    [Fact]
    public void Sources_that_are_copied_exist_and_are_not_left_out_of_the_build()
    {
        var ignored = Repository.Read("deploy/Containerfile.dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var copy in _file.Instructions.Where(i => i.Name == "COPY" && !i.Value.Contains("--from=", StringComparison.Ordinal)))
        {
            foreach (var source in copy.Value.Split(' ')[..^1])
            {
                var path = Repository.Path(source.TrimEnd('/'));
                Assert.True(File.Exists(path) || Directory.Exists(path), $"COPY {source}");
                Assert.DoesNotContain(source.Split('/')[0], ignored);
            }
        }

        Assert.All(new[] { "src", "silo-host", "Directory.Packages.props" }, needed => Assert.DoesNotContain(needed, ignored));
    }

    [Fact]
    public void The_build_has_the_cluster_engine_and_by_its_argument_the_gpu_package()
    {
        var publish = _file.Instructions.Single(i => i.Value.StartsWith("dotnet publish", StringComparison.Ordinal)).Value;
        Assert.Contains("-p:Orleans=true", publish, StringComparison.Ordinal);
        Assert.Contains("-p:Gpu=$([ \"$VARIANT\" = gpu ]", publish, StringComparison.Ordinal);
        Assert.Contains("Condition=\"'$(Gpu)' == 'true'\"", Repository.Read("src/CustomerSegmentation.Inference/CustomerSegmentation.Inference.csproj"), StringComparison.Ordinal);
        Assert.Contains("CustomerSegmentation.SiloHost.dll", _file.Last("service", "ENTRYPOINT"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_as_the_user_and_on_the_ports_of_the_manifests()
    {
        var silo = new Manifests(Rendering.OfBase()).Silos.First();
        var user = silo.Text("spec.template.spec.securityContext.runAsUser");
        Assert.Equal($"{user}:{silo.Text("spec.template.spec.securityContext.runAsGroup")}", _file.Last("service", "USER"));
        var ports = Manifests.Containers(silo).Single().Items("ports").Select(p => p.Text("containerPort")!).Order();
        Assert.Equal(ports, _file.Last("service", "EXPOSE")!.Split(' ').Order());
        var data = Regex.Match(_file.Last("service", "ENV")!, @"SEGMENTATION_DATA=(\S+)").Groups[1].Value;
        Assert.Equal(data, _file.Last("service", "VOLUME"));
        Assert.Contains(Manifests.Containers(silo).Single().Items("volumeMounts"), m => m.Text("mountPath") == data);
    }
}
