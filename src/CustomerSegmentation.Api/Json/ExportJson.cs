using System.Text.Json.Serialization;
using CustomerSegmentation.Api.Query;
using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Api.Json;

/// <summary>How an export looks as JSON: kinds by name, what is not set left out.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FiniteDoubleConverter)])]
[JsonSerializable(typeof(IReadOnlyList<ExportedId>))]
[JsonSerializable(typeof(ExportedEvent))]
[JsonSerializable(typeof(ExportCounts))]
[JsonSerializable(typeof(ExportBody))]
internal sealed partial class ExportJson : JsonSerializerContext;
