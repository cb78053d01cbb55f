using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>A session pool as an encoder whose model never changes.</summary>
internal sealed class PooledEncoder(SessionPool pool) : IEncoder
{
    private readonly EncoderRequestPool _requests = new(4_096);

    public EncoderModel Model => pool.Model;

    EncoderModel? IEncoder.Model => pool.Model;

    public EncoderRequest Rent(EncoderModel model, ulong customer) => _requests.Rent(model, customer);

    public void Return(EncoderRequest request) => _requests.Return(request);

    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default) => pool.EncodeAsync(request, cancellationToken);
}
