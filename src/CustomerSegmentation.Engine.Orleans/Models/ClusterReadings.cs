using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Engine.Orleans.Silos;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>Who waits for the encoder on all silos, as of the last question.</summary>
internal sealed class ClusterReadings(AllSilos silos) : IReadingQueues
{
    private volatile IReadOnlyList<SiloReadings> _latest = [];

    public int Fullest => _latest.Select(silo => silo.Waiting).DefaultIfEmpty().Max();

    public ReadingStatus Status
    {
        get
        {
            var latest = _latest;
            return new ReadingStatus(
                latest.Sum(silo => silo.Waiting), latest.FirstOrDefault(silo => silo.Paused is not null)?.Paused, latest.Sum(silo => silo.Readings),
                latest.Sum(silo => silo.ReadingsPerSecond), latest.Sum(silo => silo.Refused));
        }
    }

    public async ValueTask<bool> TakeOtherModelAsync(string model)
    {
        _latest = await silos.TakeReadingsAsync(model);
        return _latest.Any(silo => silo.SawOther);
    }
}
