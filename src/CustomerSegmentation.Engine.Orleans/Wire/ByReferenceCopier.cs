using System.Runtime.Serialization;
using Orleans.Serialization.Cloning;

namespace CustomerSegmentation.Engine.Orleans.Wire;

/// <summary>Hands immutable contracts from grain to grain as they are.</summary>
internal sealed class ByReferenceCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) =>
        type.IsDefined(typeof(DataContractAttribute), inherit: false)
        && type.Namespace is { } room
        && (room.StartsWith("CustomerSegmentation.Contracts", StringComparison.Ordinal) || room.StartsWith("CustomerSegmentation.Engine.Orleans", StringComparison.Ordinal));

    public object? DeepCopy(object? input, CopyContext context) => input;
}
