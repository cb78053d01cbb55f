namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>When a property is kept as an extra property.</summary>
internal enum RawRangeUse : byte
{
    /// <summary>Never: a field of the event holds it.</summary>
    Known = 0,

    /// <summary>Always: no field of the event holds it.</summary>
    Extra = 1,

    /// <summary>Unless the event names one product by its flat properties.</summary>
    Product = 2,

    /// <summary>It has a commerce name but not its form: an error in a commerce event, the sender's own business in a custom one.</summary>
    Malformed = 3,
}
