using System.Runtime.InteropServices;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>
/// The shared library of ONNX Runtime, found, loaded and ready to open models. It stays in the process for good: the library keeps threads and tables of its
/// own that must not be unmapped.
/// </summary>
public sealed unsafe class OnnxRuntime
{
    // ORT_LOGGING_LEVEL_FATAL: failures come back as statuses; printing them as well would only tell them twice.
    private const int LogFatalOnly = 4;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, OnnxRuntime> Loaded = new(StringComparer.Ordinal);

    private OnnxRuntime(string path, string version, OrtApi api)
    {
        (Path, Version, Api) = (path, version, api);
        fixed (byte* name = "CustomerSegmentation\0"u8)
        {
            void* env;
            api.Check(api.CreateEnv(LogFatalOnly, name, &env), $"Starting ONNX Runtime from {path}");
            Environment = (nint)env;
        }

        void* allocator, memory;
        api.Check(api.GetAllocatorWithDefaultOptions(&allocator), "Asking for ONNX Runtime's allocator");
        api.Check(api.CreateCpuMemoryInfo(0, 0, &memory), "Describing CPU memory");
        (Allocator, CpuMemory) = ((nint)allocator, (nint)memory);
        Providers = ReadProviders();
    }

    /// <summary>The library's file.</summary>
    public string Path { get; }

    /// <summary>The library's version, such as <c>1.30.0</c>.</summary>
    public string Version { get; }

    /// <summary>Execution providers that this build of the library knows, by ONNX Runtime's names. Those for GPUs need further libraries beside it.</summary>
    public IReadOnlyList<string> Providers { get; }

    internal OrtApi Api { get; }

    internal nint Environment { get; }

    internal nint Allocator { get; }

    internal nint CpuMemory { get; }

    /// <summary>Finds and loads the library; a second call with the same place gives the same one.</summary>
    /// <exception cref="OnnxRuntimeMissingException">It is in none of the places, cannot be loaded, or is too old.</exception>
    public static OnnxRuntime Load(InferenceOptions options) => Load(LibraryLocator.Candidates(options.LibraryPath, AppContext.BaseDirectory));

    internal static OnnxRuntime Load(IReadOnlyList<string> candidates)
    {
        if (candidates.Count == 0)
        {
            throw new OnnxRuntimeMissingException($"ONNX Runtime is turned off ({LibraryLocator.Variable} or Inference:LibraryPath is {LibraryLocator.None}).", candidates);
        }

        var path = candidates.FirstOrDefault(File.Exists) ?? throw new OnnxRuntimeMissingException(
            candidates.Count == 1 ? $"ONNX Runtime's library is not at {candidates[0]}."
            : $"ONNX Runtime's library is missing. Install it (./run does where npm is), put it beside the program, or name it by {LibraryLocator.Variable}.",
            candidates);
        lock (Gate)
        {
            if (!Loaded.TryGetValue(path, out var runtime))
            {
                runtime = Open(path, candidates);
                Loaded.Add(path, runtime);
            }

            return runtime;
        }
    }

    private static OnnxRuntime Open(string path, IReadOnlyList<string> candidates)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new OnnxRuntimeMissingException($"{path} cannot be loaded: {e.Message}", candidates, e);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
        {
            NativeLibrary.Free(library);
            throw new OnnxRuntimeMissingException($"{path} is not ONNX Runtime: it has no OrtGetApiBase.", candidates);
        }

        // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t version); const char* (*GetVersionString)(); }
        var apiBase = ((delegate* unmanaged<void**>)entry)();
        var version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)apiBase[1])()) ?? "of unknown version";
        var table = (void**)((delegate* unmanaged<uint, void*>)apiBase[0])(OrtApi.Version);
        return table is null
            ? throw new OnnxRuntimeMissingException($"{path} is ONNX Runtime {version}; version 1.{OrtApi.Version} or later is needed.", candidates)
            : new OnnxRuntime(path, version, new OrtApi(table));
    }

    private IReadOnlyList<string> ReadProviders()
    {
        byte** names;
        int count;
        Api.Check(Api.GetAvailableProviders(&names, &count), "Listing execution providers");
        var list = new string[count];
        for (var i = 0; i < count; i++)
        {
            list[i] = Marshal.PtrToStringUTF8((nint)names[i]) ?? "";
        }

        Api.Check(Api.ReleaseAvailableProviders(names, count), "Listing execution providers");
        return list;
    }
}
