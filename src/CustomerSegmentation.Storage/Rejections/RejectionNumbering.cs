using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Storage.Rejections;

/// <summary>What becomes of a rejection before it is kept.</summary>
public static class RejectionNumbering
{
    /// <summary>A copy with another id.</summary>
    public static RejectionView WithId(this RejectionView rejection, long id) => new()
    {
        Id = id,
        Time = rejection.Time,
        Source = rejection.Source,
        Code = rejection.Code,
        Reason = rejection.Reason,
        CustomerId = rejection.CustomerId,
        MessageId = rejection.MessageId,
        Position = rejection.Position,
        Excerpt = rejection.Excerpt,
    };

    /// <summary>A copy without what tells of the customer: the log must not bring back what an erasure removed.</summary>
    public static RejectionView WithoutCustomer(this RejectionView rejection) => new()
    {
        Id = rejection.Id,
        Time = rejection.Time,
        Source = rejection.Source,
        Code = rejection.Code,
        Reason = rejection.Code,
        MessageId = rejection.MessageId,
        Position = rejection.Position,
    };
}
