using System.Runtime.InteropServices;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>
/// The part of ONNX Runtime's C interface that is used here. <c>OrtApi</c> is a table of functions that only ever grows at its end: a function keeps its
/// position for good. Positions and signatures are those of onnxruntime_c_api.h.
/// </summary>
internal sealed unsafe class OrtApi(void** table)
{
    /// <summary>The first version of the interface that has every function used here.</summary>
    public const uint Version = 12;

    public void* CreateEnv(int severity, byte* name, void** env) =>
        ((delegate* unmanaged<int, byte*, void**, void*>)table[3])(severity, name, env);

    public void* CreateSessionFromArray(void* env, void* model, nuint length, void* options, void** session) =>
        ((delegate* unmanaged<void*, void*, nuint, void*, void**, void*>)table[8])(env, model, length, options, session);

    public void* Run(void* session, void* runOptions, byte** inputNames, void** inputs, nuint inputCount, byte** outputNames, nuint outputCount, void** outputs) =>
        ((delegate* unmanaged<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*>)table[9])(
            session, runOptions, inputNames, inputs, inputCount, outputNames, outputCount, outputs);

    public void* CreateSessionOptions(void** options) => ((delegate* unmanaged<void**, void*>)table[10])(options);

    public void* SetSessionExecutionMode(void* options, int mode) => ((delegate* unmanaged<void*, int, void*>)table[13])(options, mode);

    public void* DisableMemPattern(void* options) => ((delegate* unmanaged<void*, void*>)table[17])(options);

    public void* SetIntraOpNumThreads(void* options, int threads) => ((delegate* unmanaged<void*, int, void*>)table[24])(options, threads);

    public void* SetInterOpNumThreads(void* options, int threads) => ((delegate* unmanaged<void*, int, void*>)table[25])(options, threads);

    public void* SessionGetCount(bool outputs, void* session, nuint* count) =>
        ((delegate* unmanaged<void*, nuint*, void*>)table[outputs ? 31 : 30])(session, count);

    public void* SessionGetTypeInfo(bool outputs, void* session, nuint index, void** info) =>
        ((delegate* unmanaged<void*, nuint, void**, void*>)table[outputs ? 34 : 33])(session, index, info);

    public void* SessionGetName(bool outputs, void* session, nuint index, void* allocator, byte** name) =>
        ((delegate* unmanaged<void*, nuint, void*, byte**, void*>)table[outputs ? 37 : 36])(session, index, allocator, name);

    public void* CreateTensorWithData(void* memoryInfo, void* data, nuint bytes, long* shape, nuint rank, int element, void** value) =>
        ((delegate* unmanaged<void*, void*, nuint, long*, nuint, int, void**, void*>)table[49])(memoryInfo, data, bytes, shape, rank, element, value);

    public void* CastTypeInfoToTensorInfo(void* info, void** tensorInfo) => ((delegate* unmanaged<void*, void**, void*>)table[55])(info, tensorInfo);

    public void* GetTensorElementType(void* tensorInfo, int* element) => ((delegate* unmanaged<void*, int*, void*>)table[60])(tensorInfo, element);

    public void* GetDimensionsCount(void* tensorInfo, nuint* count) => ((delegate* unmanaged<void*, nuint*, void*>)table[61])(tensorInfo, count);

    public void* GetDimensions(void* tensorInfo, long* dimensions, nuint count) =>
        ((delegate* unmanaged<void*, long*, nuint, void*>)table[62])(tensorInfo, dimensions, count);

    public void* CreateCpuMemoryInfo(int allocator, int memory, void** info) => ((delegate* unmanaged<int, int, void**, void*>)table[69])(allocator, memory, info);

    public void* AllocatorFree(void* allocator, void* pointer) => ((delegate* unmanaged<void*, void*, void*>)table[76])(allocator, pointer);

    public void* GetAllocatorWithDefaultOptions(void** allocator) => ((delegate* unmanaged<void**, void*>)table[78])(allocator);

    public void* GetAvailableProviders(byte*** names, int* count) => ((delegate* unmanaged<byte***, int*, void*>)table[125])(names, count);

    public void* ReleaseAvailableProviders(byte** names, int count) => ((delegate* unmanaged<byte**, int, void*>)table[126])(names, count);

    public void* AddSessionConfigEntry(void* options, byte* key, byte* value) => ((delegate* unmanaged<void*, byte*, byte*, void*>)table[130])(options, key, value);

    public void* AppendProvider(void* options, byte* name, byte** keys, byte** values, nuint count) =>
        ((delegate* unmanaged<void*, byte*, byte**, byte**, nuint, void*>)table[216])(options, name, keys, values, count);

    /// <summary>CUDA and TensorRT have functions of their own, which the general one does not stand in for.</summary>
    public void* CreateProviderOptions(bool tensorRt, void** provider) => ((delegate* unmanaged<void**, void*>)table[tensorRt ? 171 : 205])(provider);

    public void* UpdateProviderOptions(bool tensorRt, void* provider, byte** keys, byte** values, nuint count) =>
        ((delegate* unmanaged<void*, byte**, byte**, nuint, void*>)table[tensorRt ? 172 : 206])(provider, keys, values, count);

    public void* AppendProvider(bool tensorRt, void* options, void* provider) =>
        ((delegate* unmanaged<void*, void*, void*>)table[tensorRt ? 170 : 204])(options, provider);

    public void ReleaseProviderOptions(bool tensorRt, void* provider) => ((delegate* unmanaged<void*, void>)table[tensorRt ? 174 : 208])(provider);

    public void ReleaseSession(void* session) => ((delegate* unmanaged<void*, void>)table[95])(session);

    public void ReleaseValue(void* value) => ((delegate* unmanaged<void*, void>)table[96])(value);

    public void ReleaseTypeInfo(void* info) => ((delegate* unmanaged<void*, void>)table[98])(info);

    public void ReleaseSessionOptions(void* options) => ((delegate* unmanaged<void*, void>)table[100])(options);

    /// <summary>Turns a status into an exception; null is success.</summary>
    /// <param name="status">What a call returned; released here.</param>
    /// <param name="action">What was asked for; asked only when it failed.</param>
    /// <exception cref="OnnxRuntimeException">The call failed.</exception>
    public void Check(void* status, string action)
    {
        if (status is not null)
        {
            throw ToException(status, action);
        }
    }

    public OnnxRuntimeException ToException(void* status, string action)
    {
        var code = ((delegate* unmanaged<void*, int>)table[1])(status);
        var message = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<void*, byte*>)table[2])(status)) ?? "";
        ((delegate* unmanaged<void*, void>)table[93])(status);
        return new OnnxRuntimeException(action, (OnnxErrorCode)code, message.Trim());
    }
}
