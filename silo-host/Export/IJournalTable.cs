using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>A table that is written while the journal is scanned.</summary>
internal interface IJournalTable
{
    void WriteHeader();

    /// <summary>Takes the next record; returns how many rows were written.</summary>
    ValueTask<int> AddAsync(JournalRecord record, CancellationToken cancellationToken);

    /// <summary>Writes what is left; returns how many rows were written.</summary>
    ValueTask<int> FinishAsync(CancellationToken cancellationToken);
}
