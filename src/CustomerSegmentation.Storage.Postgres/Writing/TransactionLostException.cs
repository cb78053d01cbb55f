namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>A transaction was certainly not committed, for a reason that may be gone now: it can be repeated as it was.</summary>
internal sealed class TransactionLostException(Exception inner) : Exception(inner.Message, inner);
