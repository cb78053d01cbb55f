using System.Runtime.InteropServices;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>Builds ONNX Runtime's session options from ours.</summary>
internal static unsafe class SessionSettings
{
    private const int Parallel = 1;

    /// <summary>Session options, to be released by the caller.</summary>
    /// <exception cref="OnnxRuntimeException">The library lacks the execution provider, or refuses a setting of it.</exception>
    public static void* Create(OnnxRuntime runtime, InferenceOptions options, string model)
    {
        var api = runtime.Api;
        void* settings;
        api.Check(api.CreateSessionOptions(&settings), "Creating session options");
        try
        {
            api.Check(api.SetIntraOpNumThreads(settings, options.IntraOpThreads), $"{options.IntraOpThreads} threads within an operator");
            api.Check(api.SetInterOpNumThreads(settings, options.InterOpThreads), $"{options.InterOpThreads} threads between operators");
            if (options.InterOpThreads > 1)
            {
                api.Check(api.SetSessionExecutionMode(settings, Parallel), "Parallel execution");
            }

            // Memory patterns are kept for every shape that ever came: with free batch sizes that is a leak. Spinning threads take the processors from the rest.
            api.Check(api.DisableMemPattern(settings), "Switching memory patterns off");
            AddEntry(api, settings, "session.intra_op.allow_spinning\0"u8, "0\0"u8);
            AddEntry(api, settings, "session.inter_op.allow_spinning\0"u8, "0\0"u8);
            AppendProvider(runtime, settings, options, model);
            return settings;
        }
        catch
        {
            api.ReleaseSessionOptions(settings);
            throw;
        }
    }

    private static void AddEntry(OrtApi api, void* settings, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
        {
            api.Check(api.AddSessionConfigEntry(settings, k, v), "Switching spinning off");
        }
    }

    private static void AppendProvider(OnnxRuntime runtime, void* settings, InferenceOptions options, string model)
    {
        var name = options.Provider.Trim();
        if (name.Equals("cpu", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var action = $"Opening {model} on {name} with ONNX Runtime {runtime.Version} (providers: {string.Join(", ", runtime.Providers)})";
        var texts = options.ProviderOptions.SelectMany(o => new[] { o.Key, o.Value }).Append(name).Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        try
        {
            var count = options.ProviderOptions.Count;
            var keys = stackalloc byte*[count + 1];
            var values = stackalloc byte*[count + 1];
            for (var i = 0; i < count; i++)
            {
                keys[i] = (byte*)texts[2 * i];
                values[i] = (byte*)texts[(2 * i) + 1];
            }

            if (name.Equals("tensorrt", StringComparison.OrdinalIgnoreCase))
            {
                // What TensorRT does not take goes to CUDA; its settings are TensorRT's alone.
                AppendOwn(runtime.Api, settings, true, keys, values, (nuint)count, action);
                AppendOwn(runtime.Api, settings, false, keys, values, 0, action);
            }
            else if (name.Equals("cuda", StringComparison.OrdinalIgnoreCase))
            {
                AppendOwn(runtime.Api, settings, false, keys, values, (nuint)count, action);
            }
            else
            {
                runtime.Api.Check(runtime.Api.AppendProvider(settings, (byte*)texts[^1], keys, values, (nuint)count), action);
            }
        }
        finally
        {
            foreach (var text in texts)
            {
                Marshal.FreeCoTaskMem(text);
            }
        }
    }

    private static void AppendOwn(OrtApi api, void* settings, bool tensorRt, byte** keys, byte** values, nuint count, string action)
    {
        void* provider;
        api.Check(api.CreateProviderOptions(tensorRt, &provider), action);
        try
        {
            if (count > 0)
            {
                api.Check(api.UpdateProviderOptions(tensorRt, provider, keys, values, count), action);
            }

            api.Check(api.AppendProvider(tensorRt, settings, provider), action);
        }
        finally
        {
            api.ReleaseProviderOptions(tensorRt, provider);
        }
    }
}
