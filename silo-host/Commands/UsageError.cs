namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>The command line asks for something that does not fit together; ends with exit code 2.</summary>
internal sealed class UsageError(string message) : Exception(message);
