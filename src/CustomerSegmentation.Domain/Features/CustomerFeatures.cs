using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Features;

/// <summary>All features of one customer, updated in constant time by each event.</summary>
public sealed class CustomerFeatures
{
    /// <summary>Earliest event time, milliseconds since 1970-01-01 UTC; 0 before the first event.</summary>
    public long FirstSeenMs { get; private set; }

    /// <summary>Latest event time; 0 before the first event.</summary>
    public long LastSeenMs { get; private set; }

    /// <summary>Latest order time; 0 without an order.</summary>
    public long LastOrderMs { get; private set; }

    /// <summary>Orders less refunds, in the shop's currency.</summary>
    public double Monetary { get; private set; }

    /// <summary>Number of orders.</summary>
    public long Orders { get; private set; }

    /// <summary>Takes one event, in any order of event times. Allocates nothing once the parts that the customer uses exist.</summary>
    public void Apply(CustomerEvent e) => throw new NotImplementedException();

    /// <summary>Writes the vector as of a time at or after <see cref="LastSeenMs"/>; an earlier time counts as <see cref="LastSeenMs"/>.</summary>
    /// <param name="asOfMs">Reference time, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="vector"><see cref="FeatureSchema.Count"/> values, in the order of the schema.</param>
    public void Materialize(long asOfMs, Span<float> vector) => throw new NotImplementedException();

    /// <summary>Categories by interest, strongest first.</summary>
    public IReadOnlyList<CategoryInterest> TopCategories(int max) => throw new NotImplementedException();
}
