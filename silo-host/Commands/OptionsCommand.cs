using System.CommandLine;
using CustomerSegmentation.SiloHost.Hosting;
using Spectre.Console;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary><c>options</c>: every option with its default.</summary>
internal static class OptionsCommand
{
    public static Command Create(CommandServices services)
    {
        var command = new Command(
            "options", $"Lists the options for --set NAME=VALUE; an environment variable {OptionCatalogue.Section}__NAME sets them too");
        command.SetAction(_ =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("Option", "Default", "Meaning");
            foreach (var option in OptionCatalogue.All)
            {
                table.AddRow(new Text(option.Name), new Text(option.Default), new Text(option.Description));
            }

            services.Console.Tables.Write(table);
            return CommandLineApplication.Success;
        });
        return command;
    }
}
