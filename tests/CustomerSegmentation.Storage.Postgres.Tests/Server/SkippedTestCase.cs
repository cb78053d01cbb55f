using CustomerSegmentation.Storage.TestKit.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CustomerSegmentation.Storage.Postgres.Tests.Server;

/// <summary>A test that is reported as skipped, with what the machine lacks.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("For deserialization")]
    public SkippedTestCase()
    {
    }

    private SkippedTestCase(ITestMethod method, object[]? arguments)
        : base(new NullMessageSink(), TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method, arguments)
    {
    }

    public static IXunitTestCase Of(IXunitTestCase test) => new SkippedTestCase(test.TestMethod, test.TestMethodArguments);

    protected override string GetSkipReason(IAttributeInfo factAttribute) => TestServer.Lacking!;
}
