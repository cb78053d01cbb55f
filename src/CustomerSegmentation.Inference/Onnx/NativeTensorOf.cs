namespace CustomerSegmentation.Inference.Onnx;

/// <summary>A tensor of float32 or int64 elements.</summary>
internal sealed unsafe class NativeTensorOf<T>(OnnxRuntime runtime, int rank)
    : NativeTensor(runtime, typeof(T) == typeof(float) ? TensorElement.Float32 : TensorElement.Int64, sizeof(T), rank)
    where T : unmanaged
{
    /// <summary>The elements in row order; valid until the shape changes.</summary>
    public Span<T> Elements => new(Memory, Count);

    /// <summary>One of the rows that the tensor has room for, whether or not they are in its shape yet.</summary>
    public Span<T> Row(int row, int size) => new Span<T>(Memory, Reserved).Slice(row * size, size);
}
