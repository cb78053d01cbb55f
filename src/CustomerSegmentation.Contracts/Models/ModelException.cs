namespace CustomerSegmentation.Contracts.Models;

/// <summary>A model was not taken, or a change was not made. Nothing has changed.</summary>
/// <param name="problem">The category.</param>
/// <param name="message">For people; of a refused model the file and the difference.</param>
/// <param name="innerException">What is behind it.</param>
public sealed class ModelException(ModelProblem problem, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ModelProblem Problem { get; } = problem;
}
