namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>Waits for what comes by itself; two minutes without it are a failure.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, $"nothing came within {Patience}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
