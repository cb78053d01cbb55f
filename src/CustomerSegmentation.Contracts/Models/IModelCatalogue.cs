namespace CustomerSegmentation.Contracts.Models;

/// <summary>The sequence models of a process that runs some.</summary>
public interface IModelCatalogue
{
    /// <summary>What is loaded, and how far the customers are read.</summary>
    ModelsView Read();
}
