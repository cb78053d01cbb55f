using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Hosting;

using var interruption = new Interruption();
return await new CommandLineApplication(Composition.Services()).RunAsync(args, interruption.Token);
