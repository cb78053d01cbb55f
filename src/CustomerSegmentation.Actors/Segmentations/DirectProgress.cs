namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Hands progress on at once, on the reporting thread: <see cref="Progress{T}"/> would post it elsewhere.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
