using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomerSegmentation.Api.Json;

/// <summary>Writes a number that JSON cannot hold as null, so that one odd value does not cost the whole answer.</summary>
internal sealed class FiniteDoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
