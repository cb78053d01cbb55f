using System.Text.Json.Serialization;
using CustomerSegmentation.Api.Admin;
using CustomerSegmentation.Api.Health;
using CustomerSegmentation.Api.Query;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Api.Json;

/// <summary>How everything that the API reads and writes looks as JSON.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(SegmentationStatusConverter), typeof(FiniteDoubleConverter)])]
[JsonSerializable(typeof(CustomerView))]
[JsonSerializable(typeof(CustomerHistory))]
[JsonSerializable(typeof(SegmentExplanation))]
[JsonSerializable(typeof(ErasureReceipt))]
[JsonSerializable(typeof(Page<CustomerSummary>))]
[JsonSerializable(typeof(SegmentsView))]
[JsonSerializable(typeof(SegmentView))]
[JsonSerializable(typeof(FlowsBody))]
[JsonSerializable(typeof(AudienceBody))]
[JsonSerializable(typeof(AudienceDefinition))]
[JsonSerializable(typeof(Page<AudienceBody>))]
[JsonSerializable(typeof(SegmentationStart))]
[JsonSerializable(typeof(SegmentationView))]
[JsonSerializable(typeof(Page<SegmentationView>))]
[JsonSerializable(typeof(ModelsView))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(Page<RejectionView>))]
[JsonSerializable(typeof(SegmentTransition))]
[JsonSerializable(typeof(LiveRates))]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class ApiJson : JsonSerializerContext;
