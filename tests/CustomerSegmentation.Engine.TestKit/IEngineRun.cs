using CustomerSegmentation.Contracts;

namespace CustomerSegmentation.Engine.TestKit;

/// <summary>A shop without customers on the engine under test.</summary>
public interface IEngineRun : IAsyncDisposable
{
    /// <summary>A front door; where an engine has several, another one each time.</summary>
    ISegmentationEngine Engine { get; }

    /// <summary>Made with the engine's clock.</summary>
    ShopEvents Events { get; }
}
