using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>
/// A tensor over memory of its own that a run reads or writes in place. The memory is kept when the shape changes and grows when it must, so that in steady
/// state a run allocates nothing. It may be written before there is a shape.
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

    protected int Reserved => (int)(_capacity / (nuint)_elementBytes);

    /// <summary>Makes room for this many elements. The contents are undefined where that moves them.</summary>
    public void Reserve(int count)
    {
        var bytes = (nuint)count * (nuint)_elementBytes;
        if (bytes <= _capacity && _capacity > 0)
        {
            return;
        }

        ReleaseValue();
        NativeMemory.AlignedFree(Memory);
        SetHandle(0);
        _capacity = Math.Max(Alignment, System.Numerics.BitOperations.RoundUpToPowerOf2(bytes));
        SetHandle((nint)NativeMemory.AlignedAlloc(_capacity, Alignment));
    }

    /// <summary>Gives the tensor another shape. Its contents stay, in the order of rows, unless it needs more room than it had.</summary>
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
        Count = checked((int)count);
        Reserve(Count);
        shape.CopyTo(_shape);
        fixed (long* sizes = _shape)
        fixed (void** value = &_value)
        {
            var status = _runtime.Api.CreateTensorWithData(
                (void*)_runtime.CpuMemory, Memory, (nuint)(count * _elementBytes), sizes, (nuint)_shape.Length, (int)_element, value);
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
