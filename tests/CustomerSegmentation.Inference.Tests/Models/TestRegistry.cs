using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Inference.Tests.Models;

/// <summary>A registry over a temporary folder of models.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    public TestRegistry(InferenceOptions? options = null, TimeProvider? time = null) => Registry = new ModelRegistry(
        TestLibrary.Runtime, options ?? new InferenceOptions { Lanes = 1, BatchWaitMs = 0 }, time ?? TimeProvider.System,
        NullLogger<ModelRegistry>.Instance);

    public ModelFolder Folder { get; } = new();

    public ModelRegistry Registry { get; }

    /// <summary>Adds, loads and activates.</summary>
    public async Task<EncoderModel> ActivateAsync(string version, GruModel model)
    {
        Registry.Activate((await LoadAsync(Folder.Add(version, model))).Id);
        return Registry.Model!;
    }

    /// <summary>Loads a model of the folder.</summary>
    public Task<ModelStatus> LoadAsync(string file) => Registry.LoadAsync(Folder.Source, file);

    /// <summary>Encodes some events of a customer from the start.</summary>
    public async Task<(EncoderOutcome Outcome, float[] State)> EncodeAsync(EncoderModel model, int seed, int events, ulong customer = 0)
    {
        var request = Customers.Request(model, seed, events, customer);
        var outcome = await Registry.EncodeAsync(request);
        return (outcome, request.StateOut.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        Folder.Dispose();
    }
}
