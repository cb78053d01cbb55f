using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Storage.Rejections;

/// <summary>Gives rejections the number under which they are kept.</summary>
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
}
