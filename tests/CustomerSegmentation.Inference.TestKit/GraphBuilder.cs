using System.Runtime.InteropServices;
using CustomerSegmentation.Inference.TestKit.Schema;
using Google.Protobuf;
using Attribute = CustomerSegmentation.Inference.TestKit.Schema.Attribute;
using Type = CustomerSegmentation.Inference.TestKit.Schema.Type;

namespace CustomerSegmentation.Inference.TestKit;

/// <summary>Writes small ONNX graphs: operators of set 17 over named values.</summary>
public sealed class GraphBuilder
{
    private const int FloatElement = 1;
    private const int Int32Element = 6;
    private const int Int64Element = 7;
    private readonly Graph _graph = new() { Name = "test" };
    private int _made;

    /// <summary>Declares an input; a size is a number or a name.</summary>
    public string Input(string name, bool isInt64, params object[] sizes)
    {
        _graph.Input.Add(Describe(name, isInt64, sizes));
        return name;
    }

    public void Output(string name, string value, params object[] sizes)
    {
        _graph.Node.Add(new Node { OpType = "Identity", Input = { value }, Output = { name } });
        _graph.Output.Add(Describe(name, false, sizes));
    }

    public string Floats(float[] values, params long[] shape) => Constant(FloatElement, MemoryMarshal.AsBytes<float>(values), shape);

    public string Longs(params long[] values) => Constant(Int64Element, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    public string Scalar(long value) => Constant(Int64Element, MemoryMarshal.AsBytes<long>([value]), []);

    /// <summary>Adds an operator with one output that is used.</summary>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes) => Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>Adds an operator.</summary>
    public string[] Nodes(string operation, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var names = Enumerable.Range(0, outputs).Select(_ => $"v{_made++}").ToArray();
        var node = new Node { OpType = operation, Name = names[0], Input = { inputs }, Output = { names } };
        node.Attribute.Add(attributes.Select(a => a.Value switch
        {
            long[] longs => new Attribute { Name = a.Name, Type = 7, Ints = { longs } },
            float number => new Attribute { Name = a.Name, Type = 1, F = number },
            string text => new Attribute { Name = a.Name, Type = 3, S = ByteString.CopyFromUtf8(text) },
            _ => new Attribute { Name = a.Name, Type = 2, I = Convert.ToInt64(a.Value, System.Globalization.CultureInfo.InvariantCulture) },
        }));
        _graph.Node.Add(node);
        return names;
    }

    public string ToInt32(string value) => Node("Cast", [value], ("to", Int32Element));

    public string ToFloat(string value) => Node("Cast", [value], ("to", FloatElement));

    public byte[] Build() => new Model
    {
        IrVersion = 8,
        ProducerName = "CustomerSegmentation",
        Graph = _graph,
        OpsetImport = { new OperatorSet { Version = 17 } },
    }.ToByteArray();

    private static Value Describe(string name, bool isInt64, object[] sizes)
    {
        var shape = new Shape();
        shape.Dim.Add(sizes.Select(s => s is string text
            ? new Dimension { DimParam = text }
            : new Dimension { DimValue = Convert.ToInt64(s, System.Globalization.CultureInfo.InvariantCulture) }));
        return new Value { Name = name, Type = new Type { TensorType = new TensorType { ElemType = isInt64 ? Int64Element : FloatElement, Shape = shape } } };
    }

    private string Constant(int element, ReadOnlySpan<byte> bytes, long[] shape)
    {
        var name = $"c{_made++}";
        _graph.Initializer.Add(new Tensor { Name = name, DataType = element, Dims = { shape }, RawData = ByteString.CopyFrom(bytes) });
        return name;
    }
}
