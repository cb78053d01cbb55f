using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>Which sequence model read the customer's events, and what it expects.</summary>
[DataContract]
public sealed class EncoderView
{
    /// <summary>Name and version of the model.</summary>
    [DataMember(Order = 0)] public required string Model { get; init; }

    /// <summary>Whether there are events that the current model has not read yet.</summary>
    [DataMember(Order = 1)] public bool Behind { get; init; }

    /// <summary>
    /// By question (head) and class: probabilities from 0 to 1, which add up to 1 for each question. Empty while another model is current than the one that
    /// read the customer.
    /// </summary>
    [DataMember(Order = 2)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Probabilities { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, double>>();
}
