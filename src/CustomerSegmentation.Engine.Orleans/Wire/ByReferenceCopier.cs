using System.Runtime.Serialization;
using Orleans.Serialization.Cloning;

namespace CustomerSegmentation.Engine.Orleans.Wire;

/// <summary>Hands immutable contracts from grain to grain as they are.</summary>
internal sealed class ByReferenceCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) =>
        type.IsDefined(typeof(DataContractAttribute), inherit: false)
        && type.Namespace?.StartsWith("CustomerSegmentation.Contracts", StringComparison.Ordinal) == true;

    public object? DeepCopy(object? input, CopyContext context) => input;
}
