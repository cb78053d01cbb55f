using System.Runtime.InteropServices;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>A loaded graph. Any number of threads may run it at once, each with tensors of its own.</summary>
internal sealed unsafe class OnnxSession : IDisposable
{
    private readonly OnnxRuntime _runtime;
    private readonly string _model;
    private readonly SessionHandle _handle;
    private readonly Dictionary<string, nint> _names = new(StringComparer.Ordinal);

    /// <param name="runtime">The library.</param>
    /// <param name="graph">The graph's file, whole.</param>
    /// <param name="options">Execution provider and threads.</param>
    /// <param name="model">What to call the model in messages.</param>
    /// <exception cref="OnnxRuntimeException">The graph is broken, uses what the library does not know, or the provider is not there.</exception>
    public OnnxSession(OnnxRuntime runtime, ReadOnlySpan<byte> graph, InferenceOptions options, string model)
    {
        (_runtime, _model) = (runtime, model);
        var api = runtime.Api;
        var settings = SessionSettings.Create(runtime, options, model);
        try
        {
            fixed (byte* bytes = graph)
            {
                void* session;
                api.Check(api.CreateSessionFromArray((void*)runtime.Environment, bytes, (nuint)graph.Length, settings, &session), $"Opening {model}");
                _handle = new SessionHandle(api, session);
            }
        }
        finally
        {
            api.ReleaseSessionOptions(settings);
        }

        try
        {
            Inputs = Describe(outputs: false);
            Outputs = Describe(outputs: true);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>What the graph takes, in its own order.</summary>
    public IReadOnlyList<TensorDescription> Inputs { get; }

    /// <summary>What the graph gives, in its own order.</summary>
    public IReadOnlyList<TensorDescription> Outputs { get; }

    /// <summary>Names of inputs or outputs in native memory, for <see cref="Run"/>.</summary>
    /// <exception cref="KeyNotFoundException">The graph has no such name.</exception>
    public nint[] Names(params ReadOnlySpan<string> names)
    {
        var pointers = new nint[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            pointers[i] = _names[names[i]];
        }

        return pointers;
    }

    /// <summary>Runs the graph into the tensors of <paramref name="outputs"/>, whose shapes must be those that the graph computes. Allocates nothing.</summary>
    /// <param name="inputNames">From <see cref="Names"/>, in the order of <paramref name="inputs"/>.</param>
    /// <param name="inputs">Filled by the caller.</param>
    /// <param name="outputNames">From <see cref="Names"/>, in the order of <paramref name="outputs"/>.</param>
    /// <param name="outputs">Written by the run.</param>
    /// <exception cref="OnnxRuntimeException">The run failed; names the model, the shapes and the cause.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public void Run(
        ReadOnlySpan<nint> inputNames, ReadOnlySpan<NativeTensor> inputs, ReadOnlySpan<nint> outputNames, ReadOnlySpan<NativeTensor> outputs)
    {
        var inputValues = stackalloc void*[inputs.Length];
        var outputValues = stackalloc void*[outputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputValues[i] = inputs[i].Value;
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            outputValues[i] = outputs[i].Value;
        }

        var isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            fixed (nint* inNames = inputNames, outNames = outputNames)
            {
                var status = _runtime.Api.Run(
                    (void*)_handle.DangerousGetHandle(), null, (byte**)inNames, inputValues, (nuint)inputs.Length, (byte**)outNames, (nuint)outputs.Length, outputValues);
                if (status is not null)
                {
                    throw _runtime.Api.ToException(status, $"Running {_model} on inputs {Shapes(inputs)}");
                }
            }
        }
        finally
        {
            if (isHeld)
            {
                _handle.DangerousRelease();
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    private static string Shapes(ReadOnlySpan<NativeTensor> tensors)
    {
        var texts = new string[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            texts[i] = $"[{string.Join(", ", tensors[i].Shape.ToArray())}]";
        }

        return string.Join(" ", texts);
    }

    private List<TensorDescription> Describe(bool outputs)
    {
        var api = _runtime.Api;
        var session = (void*)_handle.DangerousGetHandle();
        var action = $"Reading the {(outputs ? "outputs" : "inputs")} of {_model}";
        nuint count;
        api.Check(api.SessionGetCount(outputs, session, &count), action);
        var list = new List<TensorDescription>();
        for (nuint i = 0; i < count; i++)
        {
            byte* native;
            api.Check(api.SessionGetName(outputs, session, i, (void*)_runtime.Allocator, &native), action);
            var name = Marshal.PtrToStringUTF8((nint)native) ?? "";
            api.Check(api.AllocatorFree((void*)_runtime.Allocator, native), action);
            _names[name] = (nint)_handle.Keep(name);
            void* info;
            api.Check(api.SessionGetTypeInfo(outputs, session, i, &info), action);
            try
            {
                list.Add(DescribeTensor(api, name, info, action));
            }
            finally
            {
                api.ReleaseTypeInfo(info);
            }
        }

        return list;
    }

    private static TensorDescription DescribeTensor(OrtApi api, string name, void* info, string action)
    {
        void* tensor;
        api.Check(api.CastTypeInfoToTensorInfo(info, &tensor), action);
        if (tensor is null)
        {
            return new TensorDescription(name, TensorElement.None, []);
        }

        int element;
        nuint rank;
        api.Check(api.GetTensorElementType(tensor, &element), action);
        api.Check(api.GetDimensionsCount(tensor, &rank), action);
        var dimensions = new long[rank];
        fixed (long* sizes = dimensions)
        {
            api.Check(api.GetDimensions(tensor, sizes, rank), action);
        }

        return new TensorDescription(name, (TensorElement)element, dimensions);
    }
}
