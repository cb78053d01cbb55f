namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>One option for people.</summary>
internal sealed record OptionDescription(string Name, string Default, string Description);
