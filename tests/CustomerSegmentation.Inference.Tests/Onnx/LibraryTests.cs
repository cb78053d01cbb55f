using System.Runtime.InteropServices;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Onnx;

public sealed class LibraryTests
{
    [OnnxFact]
    public void Loaded_library_tells_its_version_and_providers()
    {
        var runtime = TestLibrary.Runtime;
        Assert.Matches(@"^1\.\d+\.\d+", runtime.Version);
        Assert.Contains("CPUExecutionProvider", runtime.Providers);
    }

    [OnnxFact]
    public void Loading_twice_gives_the_same_library() =>
        Assert.Same(TestLibrary.Runtime, OnnxRuntime.Load(new InferenceOptions { LibraryPath = TestLibrary.Runtime.Path }));

    [Fact]
    public void Missing_configured_library_is_an_error_that_names_the_path()
    {
        var path = Path.GetFullPath("no-such-library.so");
        var error = Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(new InferenceOptions { LibraryPath = "no-such-library.so" }));
        Assert.Equal([path], error.TriedPaths);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void File_that_is_no_library_is_an_error_that_names_it()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "not a library");
            var error = Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(new InferenceOptions { LibraryPath = path }));
            Assert.Contains(path, error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Other_library_is_an_error_that_says_what_it_lacks()
    {
        var other = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*System.Native.*").First(f => !f.EndsWith(".dbg", StringComparison.Ordinal));
        var error = Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(new InferenceOptions { LibraryPath = other }));
        Assert.Contains("OrtGetApiBase", error.Message);
    }

    [Fact]
    public void Library_is_looked_for_beside_the_program_before_the_npm_package()
    {
        var root = Directory.CreateTempSubdirectory("locator-").FullName;
        try
        {
            var program = Path.Combine(root, "bin", "net10.0");
            var packaged = Path.Combine(root, "src/CustomerSegmentation.Inference/library/node_modules/onnxruntime-node/bin/napi-v6");
            Directory.CreateDirectory(program);
            Directory.CreateDirectory(packaged);
            var candidates = LibraryLocator.Candidates("", program).ToList();
            var beside = candidates.FindIndex(c => Path.GetDirectoryName(c) == program);
            var native = candidates.FindIndex(c => Path.GetDirectoryName(c)!.EndsWith("native", StringComparison.Ordinal));
            var package = candidates.FindIndex(c => c.StartsWith(packaged, StringComparison.Ordinal));
            Assert.True(beside == 0 && native > beside && package > native, string.Join('\n', candidates));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Configured_path_is_the_only_candidate() => Assert.Equal([Path.GetFullPath("a.so")], LibraryLocator.Candidates("a.so", "/"));

    [Fact]
    public void None_in_place_of_a_path_looks_nowhere_and_says_so()
    {
        var error = Assert.Throws<OnnxRuntimeMissingException>(() => OnnxRuntime.Load(new InferenceOptions { LibraryPath = "none" }));
        Assert.Empty(error.TriedPaths);
        Assert.Contains("turned off", error.Message);
    }
}
