using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CustomerSegmentation.SiloHost.Tests")]
[assembly: InternalsVisibleTo("CustomerSegmentation.Deploy.Tests")]
