namespace CustomerSegmentation.Inference.Onnx;

/// <summary>ONNX Runtime refused a call.</summary>
/// <param name="action">What was asked for, with the model and the shapes concerned.</param>
/// <param name="code">ONNX Runtime's error code.</param>
/// <param name="cause">Its own words.</param>
public sealed class OnnxRuntimeException(string action, OnnxErrorCode code, string cause) : Exception($"{action}: {cause} ({code})")
{
    public string Action { get; } = action;

    public OnnxErrorCode Code { get; } = code;

    public string Cause { get; } = cause;
}
