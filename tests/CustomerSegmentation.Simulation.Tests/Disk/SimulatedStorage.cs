using CustomerSegmentation.Simulation.Tests.Scheduling;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Simulation.Tests.Disk;

/// <summary>One process's connection to the disk: slow, out of order, failing before or after the fact, and gone with the process.</summary>
internal sealed class SimulatedStorage : IStorage
{
    private readonly SimulatedDisk _disk;

    public SimulatedStorage(SimulatedDisk disk, SimulatedContext context, SimulatedTime time, int queueMax)
    {
        _disk = disk;
        var line = new SimulatedLine(disk, context, time);
        Journal = new SimulatedJournal(disk, line, context, queueMax);
        Customers = new SimulatedCustomerStore(disk, line);
        Profiles = new SimulatedProfileIndex(disk, line);
        Segmentations = new SimulatedSegmentationStore(disk, line);
        Audiences = new SimulatedAudienceStore(disk, line);
    }

    public IJournal Journal { get; }

    public ICustomerStore Customers { get; }

    public IProfileIndex Profiles { get; }

    public ISegmentationStore Segmentations { get; }

    public IAudienceStore Audiences { get; }

    public IModelStore Models => _disk.Storage.Models;

    public IRejectionLog Rejections => _disk.Storage.Rejections;

    public ValueTask DisposeAsync() => _disk.Storage.DisposeAsync();
}
