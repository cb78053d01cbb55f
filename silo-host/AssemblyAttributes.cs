using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CustomerSegmentation.SiloHost.Tests")]
