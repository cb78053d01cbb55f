namespace CustomerSegmentation.Deploy.Tests.Kubernetes;

/// <summary>A test of what kustomize renders: skipped where neither kubectl nor kustomize is installed; what needs no rendering is checked there all the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KustomizeTheoryAttribute : TheoryAttribute
{
    public KustomizeTheoryAttribute() => Skip = Rendering.Program is null ? "neither kubectl nor kustomize is on the path" : null;
}
