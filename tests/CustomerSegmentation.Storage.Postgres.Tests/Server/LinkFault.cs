namespace CustomerSegmentation.Storage.Postgres.Tests.Server;

/// <summary>Where a link breaks.</summary>
internal enum LinkFault
{
    None,

    /// <summary>The server never sees the COMMIT.</summary>
    BeforeCommit,

    /// <summary>The server has committed, and nobody hears of it.</summary>
    AfterCommit,
}
