using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>A native session and the names of its inputs and outputs in native memory: they go together, after the last run.</summary>
internal sealed unsafe class SessionHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly OrtApi _api;
    private readonly List<nint> _texts = [];

    public SessionHandle(OrtApi api, void* session)
        : base(ownsHandle: true)
    {
        _api = api;
        SetHandle((nint)session);
    }

    /// <summary>Keeps a text as long as the session.</summary>
    public byte* Keep(string text)
    {
        var copy = Marshal.StringToCoTaskMemUTF8(text);
        _texts.Add(copy);
        return (byte*)copy;
    }

    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession((void*)handle);
        _texts.ForEach(Marshal.FreeCoTaskMem);
        return true;
    }
}
