using CustomerSegmentation.Engine;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Api;
using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Inference;
using CustomerSegmentation.SiloHost.Cluster;
using CustomerSegmentation.SiloHost.Telemetry;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>All options that configuration sets, read from the options classes themselves so that the list is never out of date.</summary>
internal static partial class OptionCatalogue
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Segmentation";

    /// <summary>The part of it that says how this process takes part in a cluster.</summary>
    public const string ClusterPart = "Cluster";

    /// <summary>The part of it that says where and how models run.</summary>
    public const string InferencePart = "Inference";

    /// <summary>The part of it that says what the service tells about itself.</summary>
    public const string TelemetryPart = "Telemetry";

    public static IReadOnlyList<OptionDescription> All { get; } =
    [
        .. Read(new ServiceOptions(), ""),
        .. Read(new ApiOptions { EarliestTimestamp = Import.Importer.EarliestTime }, ""),
        .. Read(new EngineOptions(), ""),
        .. Read(new SqliteStorageOptions { Path = "" }, $"{ShopStorage.SqlitePart}:"),
        .. Read(new PostgresStorageOptions { ConnectionString = "", Exclusive = true }, $"{ShopStorage.PostgresPart}:"),
        .. Read(new ClusterSettings(), $"{ClusterPart}:"),
        .. Read(new TelemetryOptions(), $"{TelemetryPart}:"),
        .. Read(new SegmentationOptions(), $"{nameof(EngineOptions.Segmentation)}:"),
        .. Read(new InferenceOptions(), $"{InferencePart}:"),
        .. Read(new EncodingOptions(), $"{nameof(EngineOptions.Encoding)}:"),
    ];

    /// <summary>The option of this name, whatever its case, and whichever of a list's items; null when there is none.</summary>
    public static OptionDescription? Find(string name)
    {
        var item = ItemOfList().Match(name);
        var wanted = item.Success ? name[..item.Index] + ":0" : name;
        var option = All.FirstOrDefault(option => string.Equals(option.Name, wanted, StringComparison.OrdinalIgnoreCase));
        return item.Success && option is not null ? option with { Name = option.Name[..^2] + item.Value } : option;
    }

    private static IEnumerable<OptionDescription> Read(object defaults, string prefix)
    {
        var documents = Documents(defaults.GetType());
        foreach (var property in defaults.GetType().GetProperties())
        {
            if (property.PropertyType == typeof(IList<string>))
            {
                yield return new OptionDescription($"{prefix}{property.Name}:0", "", $"{Describe(property, documents)} The second is {property.Name}:1, and so on");
                continue;
            }

            var isSimple = property.PropertyType.IsPrimitive || property.PropertyType.IsEnum || property.PropertyType == typeof(DateTimeOffset) || property.PropertyType == typeof(string);
            if (!isSimple || !property.CanWrite || property.Name is nameof(ApiOptions.RequireKeys) or nameof(ApiOptions.OldestMs) or nameof(SqliteStorageOptions.Path))
            {
                continue;
            }

            yield return new OptionDescription(
                prefix + property.Name, Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture) ?? "", Describe(property, documents));
        }
    }

    private static string Describe(PropertyInfo property, Dictionary<string, string> documents) =>
        property.GetCustomAttribute<DescriptionAttribute>()?.Description
        ?? documents.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");

    /// <summary>The summaries in the documentation file beside the assembly; empty without one.</summary>
    private static Dictionary<string, string> Documents(Type type)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{type.Assembly.GetName().Name}.xml");
        return !File.Exists(file) ? [] : XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string?)member.Attribute("name") ?? "", member => Plain(member.Element("summary")!));
    }

    private static string Plain(XElement summary)
    {
        foreach (var reference in summary.Elements("see").ToList())
        {
            reference.ReplaceWith(((string?)reference.Attribute("cref"))?.Split('.')[^1] ?? "");
        }

        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@":\d+$")]
    private static partial Regex ItemOfList();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
