namespace CustomerSegmentation.Inference.Onnx;

/// <summary>Why ONNX Runtime refused a call; the numbers are those of its <c>OrtErrorCode</c>.</summary>
public enum OnnxErrorCode
{
    Ok = 0,
    Fail = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
    ProviderFailed = 11,
}
