namespace CustomerSegmentation.Contracts.Models;

/// <summary>Why something was not done with a model.</summary>
public enum ModelProblem
{
    /// <summary>There is no model of this version.</summary>
    Unknown,

    /// <summary>The model does not fit this build, or its files do not fit each other.</summary>
    Refused,

    /// <summary>The model is in a state that does not allow it, or its version is taken.</summary>
    Conflict,

    /// <summary>Models cannot run here: the library is missing.</summary>
    NoRuntime,
}
