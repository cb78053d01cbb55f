namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>How many rejections were kept.</summary>
internal sealed record RejectionReceipt(int Kept);
