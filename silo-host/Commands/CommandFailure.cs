namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>A command cannot go on; the message is the one line that the user reads.</summary>
internal sealed class CommandFailure(string message, Exception? inner = null) : Exception(message, inner);
