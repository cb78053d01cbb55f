using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Onnx;

public sealed class SessionTests
{
    [OnnxFact]
    public void Session_describes_its_inputs_and_outputs()
    {
        using var session = TestPool.Open(new GruModel(1));
        Assert.Equal($"events Float32 [?, ?, {TokenLayout.Columns}]", session.Inputs[0].ToString());
        Assert.Equal("lengths Int64 [?]", session.Inputs[1].ToString());
        Assert.Equal(["state_out", "embedding", "probabilities"], session.Outputs.Select(o => o.Name));
        Assert.Equal([-1, 8], session.Outputs[0].Dimensions);
    }

    [OnnxTheory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    public void Broken_graph_is_an_error_that_names_the_model(int bytes)
    {
        var graph = new GruModel(1).ToOnnx();
        var broken = bytes < 0 ? graph[..^1] : graph[..bytes];
        var error = Assert.Throws<OnnxRuntimeException>(() => new OnnxSession(TestLibrary.Runtime, broken, new InferenceOptions(), "shop 7"));
        Assert.Contains("shop 7", error.Message);
        Assert.NotEqual(OnnxErrorCode.Ok, error.Code);
    }

    /// <summary>The library may know CUDA and TensorRT: they are lacking where their own libraries are not beside it.</summary>
    public static TheoryData<string> LackingProviders => new(new[] { "cuda", "tensorrt", "no-such-provider" }.Where(name =>
        TestLibrary.Lacking is not null || !File.Exists(Path.Combine(Path.GetDirectoryName(TestLibrary.Runtime.Path)!, $"libonnxruntime_providers_{name}.so"))));

    [OnnxTheory]
    [MemberData(nameof(LackingProviders))]
    public void Provider_that_the_library_lacks_is_an_error_that_names_it(string provider)
    {
        var options = new InferenceOptions { Provider = provider };
        options.ProviderOptions["device_id"] = "0";
        var error = Assert.Throws<OnnxRuntimeException>(() => TestPool.Open(new GruModel(1), options));
        Assert.Contains(provider, error.Message);
        Assert.Contains("CPUExecutionProvider", error.Message);
    }

    [OnnxFact]
    public void Run_on_inputs_of_other_shapes_is_an_error_that_names_model_and_shapes()
    {
        using var session = TestPool.Open(new GruModel(1));
        using var events = new NativeTensorOf<float>(TestLibrary.Runtime, 3);
        events.Reshape(2, 3, 7);
        using var output = new NativeTensorOf<float>(TestLibrary.Runtime, 2);
        output.Reshape(2, 8);
        var error = Assert.Throws<OnnxRuntimeException>(() => session.Run(session.Names("events"), [events], session.Names("state_out"), [output]));
        Assert.Contains("test 1", error.Message);
        Assert.Contains("[2, 3, 7]", error.Message);
        Assert.Equal(OnnxErrorCode.InvalidArgument, error.Code);
    }

    [OnnxFact]
    public void Run_of_a_closed_session_is_refused()
    {
        var session = TestPool.Open(new GruModel(1));
        var names = session.Names("events");
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(names, [], names, []));
    }

    [OnnxFact]
    public void Tensor_keeps_its_memory_when_it_shrinks()
    {
        using var tensor = new NativeTensorOf<long>(TestLibrary.Runtime, 1);
        tensor.Reshape(4);
        tensor.Elements[0] = 7;
        tensor.Reshape(2);
        Assert.Equal(7, tensor.Elements[0]);
        Assert.Equal(2, tensor.Elements.Length);
        tensor.Reshape(0);
        Assert.Equal(0, tensor.Elements.Length);
    }

    [OnnxFact]
    public void Sessions_open_and_close_many_times()
    {
        var graph = new GruModel(1).ToOnnx();
        for (var i = 0; i < 50; i++)
        {
            using var session = new OnnxSession(TestLibrary.Runtime, graph, new InferenceOptions(), "test");
            Assert.Equal(4, session.Inputs.Count);
        }
    }
}
