namespace CustomerSegmentation.Inference.Models;

/// <summary>Why a model is refused.</summary>
public enum ModelFault
{
    /// <summary>A file is not there, or too large.</summary>
    File,

    /// <summary>The manifest cannot be read, or contradicts itself.</summary>
    Manifest,

    /// <summary>A file is not the one that the manifest describes.</summary>
    Digest,

    /// <summary>The model was trained on other features.</summary>
    FeatureSchema,

    /// <summary>The model was trained on another layout of events.</summary>
    Tokens,

    /// <summary>ONNX Runtime cannot open the graph.</summary>
    Graph,

    /// <summary>The graph takes or gives something else than the manifest says.</summary>
    Shape,

    /// <summary>A trial run failed or broke the rules for encoders.</summary>
    Behaviour,
}
