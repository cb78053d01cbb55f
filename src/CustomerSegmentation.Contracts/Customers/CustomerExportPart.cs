using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>One part of an export; exactly one member is set.</summary>
[DataContract]
public sealed class CustomerExportPart
{
    /// <summary>The first part.</summary>
    [DataMember(Order = 0)] public CustomerExportHead? Head { get; init; }

    [DataMember(Order = 1)] public ExportedEvent? Event { get; init; }

    /// <summary>After the events: a rejection that was kept under one of the ids.</summary>
    [DataMember(Order = 2)] public RejectionView? Rejection { get; init; }
}
