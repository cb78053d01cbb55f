using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Engine;

/// <summary>Whether a process can take events, as far as its journal goes.</summary>
internal static class StorageHealth
{
    private const double NearlyFull = 0.9;

    /// <param name="journal">The journal of this process.</param>
    /// <param name="stopping">Why nothing is taken any more; null while the process runs.</param>
    /// <param name="encoder">How the sequence model is doing; null where there is none.</param>
    public static EngineHealth Of(IJournal journal, string? stopping, EncoderHealth? encoder = null)
    {
        var fill = journal.Fill;
        var reason = stopping
            ?? (journal.Fault is { } fault ? $"the storage does not commit: {fault}" : fill > NearlyFull ? "the journal's queue is nearly full" : null);
        return new EngineHealth { Ready = reason is null, Reason = reason, QueueFill = fill, Encoder = encoder };
    }
}
