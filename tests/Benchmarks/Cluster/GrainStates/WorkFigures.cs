namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>What writing or reading a customer costs.</summary>
/// <param name="Rate">Customers a second.</param>
/// <param name="OwnMicros">Microseconds of processor time of this process, a customer.</param>
/// <param name="ServerMicros">Of PostgreSQL.</param>
/// <param name="LogBytes">PostgreSQL's write-ahead log, a customer.</param>
internal sealed record WorkFigures(double Rate, double OwnMicros, double ServerMicros, double LogBytes);
