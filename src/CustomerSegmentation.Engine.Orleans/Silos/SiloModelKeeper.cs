using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Inference;
using CustomerSegmentation.Engine.Orleans.Models;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Keeps this silo at the model that the shop has chosen, and with the silos that run it.</summary>
internal sealed class SiloModelKeeper(SiloDuties duties, IEncoder encoder)
{
    private readonly RemoteEncoder? _remote = encoder as RemoteEncoder;

    /// <summary>What the host does with models; null when it has none.</summary>
    public ISiloModels? Models => duties.Models;

    /// <summary>Why customers are not read at all; null while there is a model.</summary>
    public string? Lacking => encoder.Model is not null ? null : duties.Models is null ? "no encoder is configured" : _remote?.Lacking ?? duties.Models.Lacking;

    /// <summary>Looks what is chosen, and takes it.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (duties.Models is { } models)
        {
            var chosen = await models.RenewAsync(cancellationToken);
            _remote?.Choose(chosen);
        }
    }

    /// <summary>Looks which silos run models.</summary>
    public void Refresh() => _remote?.Refresh();
}
