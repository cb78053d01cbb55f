using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace CustomerSegmentation.Engine.Orleans.Wire;

/// <summary>How the contracts travel: the same in silos and clients.</summary>
public static class ContractSerialization
{
    /// <summary>
    /// Data contracts go over the wire by MessagePack and, inside a silo, by reference, since messages are immutable. Exceptions of this program keep their type and message.
    /// </summary>
    public static ISerializerBuilder AddSegmentationContracts(this ISerializerBuilder serializer)
    {
        // Before MessagePack's own: the first copier that supports a type is taken.
        serializer.Services.AddSingleton<IGeneralizedCopier, ByReferenceCopier>();
        serializer.AddMessagePackSerializer(
            isSerializable: null,
            isCopyable: null,
            configureOptions: options => options.Configure(o => o.AllowDataContractAttributes = true));
        serializer.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.Add("CustomerSegmentation"));
        return serializer;
    }
}
