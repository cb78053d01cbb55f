using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Asks the processor for memory that is needed soon. A hint: where the processor takes none, nothing happens. Nothing is read through the addresses, so it does no
/// harm when the collector moves things meanwhile.
/// </summary>
internal static unsafe class Prefetch
{
    private const int CacheLineBytes = 64;

    // What a request's own fields take, its completion included.
    private const int RequestBytes = 3 * CacheLineBytes;

    /// <summary>A request, without its numbers.</summary>
    public static void Request(EncoderRequest request) => Bytes(Unsafe.As<EncoderRequest, nint>(ref request), RequestBytes);

    /// <summary>The numbers of a request: its answer is about to be written, and then its customer's next question. Reads the request, but no number.</summary>
    public static void Numbers(EncoderRequest request)
    {
        var model = request.Model;
        var count = (2 * model.StateSize) + model.FeatureColumns + model.EmbeddingSize + model.ClassCount;
        Bytes(Unsafe.As<float[], nint>(ref NumbersOf(request)), count * sizeof(float));
    }

    private static void Bytes(nint start, int count)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (var line = (byte*)start; line < (byte*)start + count; line += CacheLineBytes)
        {
            Sse.Prefetch0(line);
        }
    }

    // By its field: a span would read the array's length, and wait for what is to be fetched.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    private static extern ref float[] NumbersOf(EncoderRequest request);
}
