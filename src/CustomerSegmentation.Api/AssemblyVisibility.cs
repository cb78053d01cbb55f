using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CustomerSegmentation.Api.Tests")]
[assembly: InternalsVisibleTo("CustomerSegmentation.Benchmarks")]
