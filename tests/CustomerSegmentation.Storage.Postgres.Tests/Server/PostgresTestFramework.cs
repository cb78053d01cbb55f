using System.Reflection;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("CustomerSegmentation.Storage.Postgres.Tests.Server.PostgresTestFramework", "CustomerSegmentation.Storage.Postgres.Tests")]

namespace CustomerSegmentation.Storage.Postgres.Tests.Server;

/// <summary>
/// Runs the tests, or skips them with a reason where there is no PostgreSQL. Under CI=true nothing is skipped: the tests fail then. The tests are plain facts
/// that they share with the other storages, so this is decided here and not by an attribute.
/// </summary>
public sealed class PostgresTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkExecutor(assemblyName, sources, messages)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            var skips = TestServer.Lacking is not null && Environment.GetEnvironmentVariable("CI") != "true";
            base.RunTestCases(skips ? testCases.Select(SkippedTestCase.Of) : testCases, executionMessageSink, executionOptions);
        }
    }
}
