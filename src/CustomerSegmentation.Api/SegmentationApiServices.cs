using CustomerSegmentation.Api.Access;
using CustomerSegmentation.Api.Admin;
using CustomerSegmentation.Api.Documentation;
using CustomerSegmentation.Api.Json;
using CustomerSegmentation.Api.Live;
using CustomerSegmentation.Api.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api;

/// <summary>Registers the HTTP interface. It needs an <see cref="Contracts.ISegmentationEngine"/> from the host.</summary>
public static class SegmentationApiServices
{
    /// <summary>Adds the tracking, query and admin API; settings are checked when the host starts.</summary>
    public static IServiceCollection AddSegmentationApi(this IServiceCollection services, Action<ApiOptions> configure)
    {
        services.AddOptions<ApiOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<InFlightGate>();
        services.TryAddSingleton<RejectionLog>();
        services.TryAddSingleton<TrackingAnswers>();
        services.TryAddSingleton<TrackingCors>();
        services.TryAddSingleton<TrackingEndpoint>();
        services.TryAddSingleton<SettingsEndpoint>();
        services.TryAddSingleton<LiveStream>();
        services.TryAddSingleton<ModelUpload>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(1, ExportJson.Default));
        services.AddOpenApi(options =>
        {
            options.AddSchemaTransformer<NumberSchemaTransformer>();
            options.AddDocumentTransformer<TrackingTransformer>();
            options.AddDocumentTransformer<SecurityTransformer>();
        });
        return services;
    }
}
