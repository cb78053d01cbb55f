using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>One change of models at a time; what goes wrong with a model is told in the terms of the catalogue.</summary>
internal sealed class ModelChanges
{
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <exception cref="ModelException">It went wrong with the model.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        catch (Exception e) when (e is ModelRefusedException or InvalidDataException or ArgumentException)
        {
            throw new ModelException(ModelProblem.Refused, e.Message, e);
        }
        catch (KeyNotFoundException e)
        {
            throw new ModelException(ModelProblem.Unknown, e.Message, e);
        }
        catch (Exception e) when (e is ModelConflictException || (e is InvalidOperationException and not ObjectDisposedException))
        {
            throw new ModelException(ModelProblem.Conflict, e.Message, e);
        }
        finally
        {
            _changing.Release();
        }
    }
}
