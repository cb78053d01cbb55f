using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Postgres.Tests;

public sealed class PostgresModelStoreTests : ModelStoreConformance<PostgresFactory>;
