using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>Keeps the first error that was logged and that the simulation did not order.</summary>
internal sealed class ErrorLog : ILoggerFactory, ILogger
{
    public Exception? Unexpected { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Code that meets a state it was not made for throws these; whatever else is logged is an ordered failure or a consequence of one.
        if (exception is NullReferenceException or ArgumentException or KeyNotFoundException or InvalidCastException or IndexOutOfRangeException)
        {
            Unexpected ??= exception;
        }
    }

    public void Dispose()
    {
    }
}
