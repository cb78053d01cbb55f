using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Tests;

public sealed class InMemoryModelStoreTests : ModelStoreConformance<InMemoryFactory>;
