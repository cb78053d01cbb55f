using System.CommandLine;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>keys</c></summary>
internal static class KeysCommand
{
    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var show = new Option<bool>("--show") { Description = "Show the keys themselves" };
        var renew = new Option<string>("--new") { Description = "Replace a key: write or admin; the old one stops working at the service's next start" };
        renew.AcceptOnlyFromAmong("write", "admin");
        var command = new Command("keys", "Says where the data folder's keys are; shows or replaces them (options WriteKeys:0 and AdminKeys:0 take their place)") { show, renew };
        command.SetAction(parsed =>
        {
            var file = new KeyFile(global.DataFolder(parsed));
            var keys = parsed.GetValue(renew) is null ? file.TryRead() : file.ReadOrCreate(out _);
            if (keys is null)
            {
                throw new CommandFailure($"there are no keys in {file.Location} yet: they are made when the service first starts");
            }

            if (parsed.GetValue(renew) is { } which)
            {
                keys = which == "write"
                    ? keys with { WriteKey = KeyFile.NewKey(KeyFile.WritePrefix) }
                    : keys with { AdminKey = KeyFile.NewKey(KeyFile.AdminPrefix) };
                file.Write(keys);
                services.Console.Output.WriteLine($"a new {which} key is in {file.Location}; restart the service to use it");
            }

            services.Console.Output.WriteLine($"keys file  {file.Location}");
            if (parsed.GetValue(show))
            {
                services.Console.Output.WriteLine($"write key  {keys.WriteKey}");
                services.Console.Output.WriteLine($"admin key  {keys.AdminKey}");
            }

            return CommandLineApplication.Success;
        });
        return command;
    }
}
