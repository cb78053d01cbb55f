using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>
/// A tensor over memory of its own that a run reads or writes in place. The memory is kept when the shape changes and grows when it must, so that in steady
/// state a run allocates nothing.
/// </summary>
internal abstract unsafe class NativeTensor : SafeHandleZeroOrMinusOneIsInvalid
{
    private const nuint Alignment = 64;
    private readonly OnnxRuntime _runtime;
    private readonly TensorElement _element;
    private readonly int _elementBytes;
    private readonly long[] _shape;
    private nuint _capacity;
    private void* _value;

    protected NativeTensor(OnnxRuntime runtime, TensorElement element, int elementBytes, int rank)
        : base(ownsHandle: true)
    {
        (_runtime, _element, _elementBytes, _shape) = (runtime, element, elementBytes, new long[rank]);
        _shape.AsSpan().Fill(-1);
    }

    /// <summary>Elements of the current shape.</summary>
    public int Count { get; private set; }

    /// <summary>The native value; it changes with the shape.</summary>
    internal void* Value => _value;

    /// <summary>The current shape.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    protected void* Memory => (void*)handle;

    /// <summary>Gives the tensor another shape. Its contents are then undefined.</summary>
    public void Reshape(params ReadOnlySpan<long> shape)
    {
        if (shape.SequenceEqual(_shape))
        {
            return;
        }

        long count = 1;
        foreach (var size in shape)
        {
            count = checked(count * size);
        }

        ReleaseValue();
        var bytes = (nuint)(count * _elementBytes);
        if (bytes > _capacity || _capacity == 0)
        {
            NativeMemory.AlignedFree(Memory);
            SetHandle(0);
            _capacity = Math.Max(Alignment, System.Numerics.BitOperations.RoundUpToPowerOf2(bytes));
            SetHandle((nint)NativeMemory.AlignedAlloc(_capacity, Alignment));
        }

        shape.CopyTo(_shape);
        Count = (int)count;
        fixed (long* sizes = _shape)
        fixed (void** value = &_value)
        {
            var status = _runtime.Api.CreateTensorWithData(
                (void*)_runtime.CpuMemory, Memory, bytes, sizes, (nuint)_shape.Length, (int)_element, value);
            if (status is not null)
            {
                throw _runtime.Api.ToException(status, $"Making a tensor of {_element} [{string.Join(", ", _shape)}]");
            }
        }
    }

    protected override bool ReleaseHandle()
    {
        ReleaseValue();
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    private void ReleaseValue()
    {
        if (_value is not null)
        {
            _runtime.Api.ReleaseValue(_value);
            _value = null;
            _shape.AsSpan().Fill(-1);
        }
    }
}
