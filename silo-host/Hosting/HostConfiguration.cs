using System.ComponentModel.DataAnnotations;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Reads options from the configuration section of the program.</summary>
internal static class HostConfiguration
{
    /// <summary>Files, environment and command line, as the service reads them, for a command that is no service.</summary>
    public static IConfiguration Read(IReadOnlyList<KeyValuePair<string, string?>> overrides) => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .AddInMemoryCollection(overrides)
        .Build();

    /// <summary>Fills options in and validates them.</summary>
    /// <param name="configuration">All of it.</param>
    /// <param name="options">Holds the defaults.</param>
    /// <param name="part">The part of the section; null for the section itself.</param>
    /// <exception cref="CommandFailure">A value cannot be read, or lies outside its limits.</exception>
    public static T Fill<T>(IConfiguration configuration, T options, string? part = null)
        where T : class
    {
        var section = configuration.GetSection(part is null ? OptionCatalogue.Section : $"{OptionCatalogue.Section}:{part}");
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new CommandFailure($"an option has a value that cannot be read: {e.InnerException?.Message ?? e.Message}", e);
        }

        var faults = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), faults, true)
            ? options
            : throw new CommandFailure(string.Join("; ", faults.Select(fault => fault.ErrorMessage)));
    }
}
