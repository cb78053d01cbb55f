using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>A request that waits to be sent.</summary>
/// <param name="Request">The request.</param>
/// <param name="Since">When it came, as a timestamp.</param>
/// <param name="IsSecondTry">Another silo was asked before and did not answer.</param>
internal readonly record struct WaitingRequest(EncoderRequest Request, long Since, bool IsSecondTry);
