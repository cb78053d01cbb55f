using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Storage;

/// <summary>Everything that lasts. Disposing commits what is queued and marks a clean stop.</summary>
public interface IStorage : IAsyncDisposable
{
    IJournal Journal { get; }
    ICustomerStore Customers { get; }
    IProfileIndex Profiles { get; }
    ISegmentationStore Segmentations { get; }
    IAudienceStore Audiences { get; }
    IRejectionLog Rejections { get; }
    IModelStore Models { get; }
}
