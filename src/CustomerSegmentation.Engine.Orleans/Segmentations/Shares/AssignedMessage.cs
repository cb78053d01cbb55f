namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>What a re-assignment did in a share, on its way back.</summary>
[GenerateSerializer, Immutable]
internal readonly record struct AssignedMessage([property: Id(0)] long Rows, [property: Id(1)] long Assigned);
