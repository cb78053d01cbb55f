using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Postgres.Tests;

public sealed class PostgresJournalTests : JournalConformance<PostgresFactory>;
