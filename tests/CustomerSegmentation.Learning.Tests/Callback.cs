namespace CustomerSegmentation.Learning.Tests;

/// <summary>Progress that calls back at once, on the reporting thread.</summary>
internal sealed class Callback<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
