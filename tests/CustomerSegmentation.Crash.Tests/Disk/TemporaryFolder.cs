namespace CustomerSegmentation.Crash.Tests.Disk;

/// <summary>A folder for one test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("segmentation-crash-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
