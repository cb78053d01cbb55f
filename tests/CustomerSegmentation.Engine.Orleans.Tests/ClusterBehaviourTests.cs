using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine.TestKit;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>The same behaviour on two silos; each call goes through the other one's door.</summary>
public sealed class ClusterBehaviourTests : EngineBehaviour
{
    protected override async Task<IEngineRun> OpenAsync() => new Run(await TestCluster.StartAsync("behaviour"));

    private sealed class Run(TestCluster cluster) : IEngineRun
    {
        private int _calls;

        public ISegmentationEngine Engine => cluster.Silos[Interlocked.Increment(ref _calls) & 1].Engine;

        public ShopEvents Events { get; } = new(() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

        public ValueTask DisposeAsync() => cluster.DisposeAsync();
    }
}
