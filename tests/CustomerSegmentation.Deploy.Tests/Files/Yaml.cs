using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CustomerSegmentation.Deploy.Tests.Files;

/// <summary>YAML as the tests ask it: documents as trees, every scalar a string, merge keys and anchors resolved.</summary>
internal static class Yaml
{
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(new StringReader(text))));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)!)];
    }

    /// <summary>The node at a path of names and numbers, such as <c>spec.containers.0.name</c>; null when there is none.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
        {
            node = node switch
            {
                JsonObject map => map[step],
                JsonArray list when int.TryParse(step, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>The scalar at a path; null when there is none.</summary>
    public static string? Text(this JsonNode? node, string path) => node.At(path) is JsonValue value ? value.GetValue<string>() : null;

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string path) => node.At(path) is JsonArray list ? list.Select(item => item!) : [];

    /// <summary>A map of scalars.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonNode? node, string path) => node.At(path) is JsonObject map
        ? map.Where(pair => pair.Value is JsonValue).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>())
        : [];

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Value: { } value } scalar when value is not ("" or "~" or "null") || scalar.Style != ScalarStyle.Plain => JsonValue.Create(value),
        _ => null,
    };
}
