using System.Text.Json;
using System.Text.Json.Serialization;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Api.Json;

/// <summary>Writes a status as its camel-case name.</summary>
internal sealed class SegmentationStatusConverter() : JsonStringEnumConverter<SegmentationStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
