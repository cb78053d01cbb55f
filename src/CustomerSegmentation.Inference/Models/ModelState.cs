namespace CustomerSegmentation.Inference.Models;

/// <summary>What a model in the registry is doing.</summary>
public enum ModelState
{
    /// <summary>Checked, loaded and warm, answering nobody new.</summary>
    Loaded,

    /// <summary>Answering.</summary>
    Active,

    /// <summary>Running beside the active one for comparison.</summary>
    Shadow,
}
