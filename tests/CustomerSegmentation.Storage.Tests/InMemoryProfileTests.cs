using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Tests;

public sealed class InMemoryProfileTests : ProfileConformance<InMemoryFactory>;
