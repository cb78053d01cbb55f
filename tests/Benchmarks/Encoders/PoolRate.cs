namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>Customers a second, microseconds of processor time for each, and bytes allocated for each.</summary>
internal readonly record struct PoolRate(double PerSecond, double CpuMicroseconds, double Bytes)
{
    public (double PerSecond, double CpuMicroseconds) Load => (PerSecond, CpuMicroseconds);
}
