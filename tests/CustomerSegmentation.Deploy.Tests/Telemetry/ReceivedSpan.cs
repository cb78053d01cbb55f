namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>What the tests look at in a span; ids as hexadecimal digits.</summary>
internal sealed record ReceivedSpan(string Scope, string Name, string TraceId, string SpanId, string ParentId);
