namespace CustomerSegmentation.Api.Query;

/// <summary>What an export holds, in the terms of an erasure's receipt: erasing right after it removes as much.</summary>
internal sealed record ExportCounts(long Events, int States, int Profiles, int Rejections);
