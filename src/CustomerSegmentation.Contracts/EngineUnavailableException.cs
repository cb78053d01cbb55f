namespace CustomerSegmentation.Contracts;

/// <summary>The engine cannot answer now: memory is full, or its storage does not answer. Trying again later may succeed.</summary>
public class EngineUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
