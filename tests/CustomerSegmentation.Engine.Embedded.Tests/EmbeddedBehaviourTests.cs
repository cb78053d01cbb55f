using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine.TestKit;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class EmbeddedBehaviourTests : EngineBehaviour
{
    protected override async Task<IEngineRun> OpenAsync() => new Run(await Shop.OpenAsync());

    private sealed class Run(Shop shop) : IEngineRun
    {
        public ISegmentationEngine Engine => shop.Engine;

        public ShopEvents Events => shop.Events;

        public ValueTask DisposeAsync() => shop.DisposeAsync();
    }
}
