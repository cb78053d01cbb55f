using System.CommandLine;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.SiloHost.Models;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>models list|add|activate|rollback|shadow|remove</c></summary>
internal static class ModelsCommand
{
    public static Command Create(GlobalOptions global, CommandServices services)
    {
        var command = new Command("models", HelpText.Models)
        {
            List(global, services),
            Add(global, services),
            Activate(global, services),
            RollBack(global, services),
            Shadow(global, services),
            Remove(global, services),
        };
        foreach (var part in command.Subcommands)
        {
            part.Add(global.Url);
            part.Add(global.Key);
        }

        return command;
    }

    private static Command List(GlobalOptions global, CommandServices services)
    {
        var command = new Command("list", "Shows the models, what each is doing, how far the customers are read, and the text model");
        command.SetAction((parsed, cancellationToken) => WithAsync(global, services, parsed, async models =>
            ModelsTable.Print(await models.ListAsync(cancellationToken), services.Console.Tables), cancellationToken));
        return command;
    }

    private static Command Add(GlobalOptions global, CommandServices services)
    {
        var manifest = new Argument<string>("MANIFEST") { Description = "The model's manifest; its graph lies beside it" };
        var activate = new Option<bool>("--activate") { Description = "Make it the active model at once" };
        var command = new Command("add", "Tries a model out and keeps it") { manifest, activate };
        command.SetAction((parsed, cancellationToken) => WithAsync(
            global, services, parsed,
            async models =>
            {
                var (model, isNew) = await models.AddAsync(ModelFolderReader.Read(parsed.GetRequiredValue(manifest)), cancellationToken);
                Say(services, isNew ? $"{model.Id} is added as version {model.Version}" : $"{model.Id} was there already");
                if (parsed.GetValue(activate))
                {
                    Say(services, $"{(await models.ActivateAsync(model.Version, cancellationToken)).Id} is active");
                }
            },
            cancellationToken));
        return command;
    }

    private static Command Activate(GlobalOptions global, CommandServices services)
    {
        var version = Version();
        var command = new Command("activate", "Makes a model the active one; everybody is read by it in the background") { version };
        command.SetAction((parsed, cancellationToken) => WithAsync(global, services, parsed, async models =>
            Say(services, $"{(await models.ActivateAsync(parsed.GetRequiredValue(version), cancellationToken)).Id} is active"), cancellationToken));
        return command;
    }

    private static Command RollBack(GlobalOptions global, CommandServices services)
    {
        var command = new Command("rollback", "Goes back to the model that was active before");
        command.SetAction((parsed, cancellationToken) => WithAsync(global, services, parsed, async models =>
            Say(services, $"{(await models.RollBackAsync(cancellationToken)).Id} is active again"), cancellationToken));
        return command;
    }

    private static Command Shadow(GlobalOptions global, CommandServices services)
    {
        var version = Version();
        var stop = new Option<bool>("--stop") { Description = "End the comparison and show its report" };
        var command = new Command("shadow", "Runs a model beside the active one of the service and compares their answers; list shows how") { version, stop };
        command.SetAction((parsed, cancellationToken) => WithAsync(
            global, services, parsed,
            async models =>
            {
                var name = parsed.GetRequiredValue(version);
                if (!parsed.GetValue(stop))
                {
                    Say(services, $"{(await models.StartShadowAsync(name, cancellationToken)).Id} runs as a shadow");
                    return;
                }

                var model = await models.StopShadowAsync(name, cancellationToken);
                Say(services, $"{model.Id} was a shadow: {ModelsTable.Describe(model.Shadow!)}");
            },
            cancellationToken));
        return command;
    }

    private static Command Remove(GlobalOptions global, CommandServices services)
    {
        var version = Version();
        var command = new Command("remove", "Removes a model that is not in use, nor was before the active one") { version };
        command.SetAction((parsed, cancellationToken) => WithAsync(
            global, services, parsed,
            async models =>
            {
                await models.RemoveAsync(parsed.GetRequiredValue(version), cancellationToken);
                Say(services, $"version {parsed.GetRequiredValue(version)} is removed");
            },
            cancellationToken));
        return command;
    }

    private static Argument<string> Version() => new("VERSION") { Description = "As list shows it" };

    private static void Say(CommandServices services, string text) => services.Console.Output.WriteLine(text);

    private static async Task<int> WithAsync(
        GlobalOptions global, CommandServices services, ParseResult parsed, Func<IModelCatalogue, Task> act, CancellationToken cancellationToken)
    {
        await using var access = await services.Opener.OpenAsync(global.Location(parsed), cancellationToken);
        try
        {
            await act(access.Models);
        }
        catch (ModelException e)
        {
            throw new CommandFailure(e.Message, e);
        }

        return CommandLineApplication.Success;
    }
}
