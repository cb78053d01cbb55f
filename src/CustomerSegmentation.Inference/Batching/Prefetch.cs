using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>Asks the processor for memory that is needed soon. A hint: where the processor takes none, nothing happens.</summary>
internal static unsafe class Prefetch
{
    private const int CacheLineBytes = 64;

    /// <summary>The numbers of a request: its answer is about to be written, and then its customer's next question.</summary>
    public static void Numbers(EncoderRequest request)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        // Nothing is read through these addresses, so it does no harm when the collector moves the array meanwhile.
        var last = request.Probabilities;
        var end = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(last)) + (last.Length * sizeof(float));
        for (var line = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(request.State)); line < end; line += CacheLineBytes)
        {
            Sse.Prefetch0(line);
        }
    }
}
