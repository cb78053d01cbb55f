using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class SqliteModelStoreTests : ModelStoreConformance<SqliteFactory>;
