using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>All options of <see cref="ServiceOptions"/>, read from the class itself so that the list is never out of date.</summary>
internal static class OptionCatalogue
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Segmentation";

    public static IReadOnlyList<OptionDescription> All { get; } = Read();

    /// <summary>The option of this name, whatever its case; null when there is none.</summary>
    public static OptionDescription? Find(string name) => All.FirstOrDefault(option => string.Equals(option.Name, name, StringComparison.OrdinalIgnoreCase));

    private static List<OptionDescription> Read()
    {
        var defaults = new ServiceOptions();
        return
        [
            .. from property in typeof(ServiceOptions).GetProperties()
               let description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? ""
               select new OptionDescription(property.Name, Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture) ?? "", description),
        ];
    }
}
