using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Engine.Orleans.Customers;

/// <summary>A customer, somewhere in the cluster. Its key is <c>customer/</c> and the id.</summary>
public interface ICustomerGrain : IGrainWithStringKey, ICustomerActor;
