namespace CustomerSegmentation.Simulation.Tests.Disk;

/// <summary>A bug that a storage or an encoder could have; the simulation must find each of them.</summary>
internal enum DeliberateFault
{
    None,

    /// <summary>Appends are acknowledged before they are committed.</summary>
    AcknowledgesEarly,

    /// <summary>The outcome of an append is shown as committed before the commit.</summary>
    ShowsOutcomeEarly,

    /// <summary>An append whose predecessor failed is committed.</summary>
    DropsPrevious,

    /// <summary>A second writer is not fenced: it commits at the next free sequence number.</summary>
    DoesNotFence,

    /// <summary>An append is now and then committed twice.</summary>
    CommitsTwice,

    /// <summary>An append that finds the queue full is refused, and committed later all the same.</summary>
    CommitsRefused,

    /// <summary>Erased customers are not remembered.</summary>
    ForgetsTombstones,

    /// <summary>An erasure of several ids is one transaction for each of them.</summary>
    ErasesInParts,

    /// <summary>Checkpoints say of segments that they changed twice as much as they did.</summary>
    DeltasTwiceAsLarge,

    /// <summary>Profile rows are written without the audiences.</summary>
    LosesAudiences,

    /// <summary>Totals of segments are now and then off by one.</summary>
    TotalsOffByOne,

    /// <summary>The journal reads back without its last record.</summary>
    ReadsShort,

    /// <summary>Customers whose journal is ahead of their profile are not found at start.</summary>
    FindsNobodyStale,

    /// <summary>The encoder passes over the first of several events.</summary>
    EncoderSkipsEvents,

    /// <summary>The encoder computes with the model of the request before.</summary>
    EncoderMixesModels,

    /// <summary>Some requests to the encoder are never answered.</summary>
    EncoderLosesRequests,

    /// <summary>A process never learns that another model is current.</summary>
    EncoderHidesNewModels,

    /// <summary>The text encoder now and then keeps whoever asks waiting.</summary>
    TextEncoderHangs,

    /// <summary>The text encoder gives all texts of a request the embedding of the last.</summary>
    TextEncoderMixesTexts,
}
