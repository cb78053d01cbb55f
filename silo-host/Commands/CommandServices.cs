using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>What commands need from outside.</summary>
/// <param name="Console">Where they write.</param>
/// <param name="Time">The clock.</param>
/// <param name="Opener">How they reach the system.</param>
/// <param name="Service">How the service runs: until the token is cancelled.</param>
internal sealed record CommandServices(
    CommandConsole Console, TimeProvider Time, IAccessOpener Opener, Func<ServiceSettings, CancellationToken, Task> Service)
{
    public ProgressDisplay Progress => new(Console, Time);
}
