using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Inference.Models;

/// <summary>
/// A trial of a freshly loaded encoder: warms it up, and holds it to the rules of the specification, on which the batching rests. Events at once equal events
/// one by one; a neighbour's length changes nothing.
/// </summary>
internal static class EncoderProbe
{
    /// <summary>Events of the longest request of the trial.</summary>
    public const int EventsMax = 3 * Events;

    private const float Tolerance = 1e-4f;
    private const int Events = 5;

    /// <exception cref="ModelRefusedException">A run failed, or the model breaks a rule.</exception>
    public static void Run(string file, EncoderModel model, Func<int, SequenceRows> rows)
    {
        try
        {
            var whole = Encode(file, rows, Request(model, Events, null));
            var steps = Request(model, 1, null);
            for (var i = 1; i <= Events; i++)
            {
                steps = Encode(file, rows, i == 1 ? steps : Request(model, 1, steps, i));
            }

            Compare(file, "events at once and one by one", whole, steps);
            var padded = Encode(file, rows, Request(model, Events, null), Request(model, EventsMax, null));
            Compare(file, "a customer alone and beside a longer one", whole, padded);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRefusedException(file, ModelFault.Behaviour, $"a trial run failed: {e.Message}", e);
        }
    }

    private static EncoderRequest Request(EncoderModel model, int events, EncoderRequest? before, int first = 1)
    {
        var request = new EncoderRequest();
        request.Begin(model, 0);
        if (before is not null)
        {
            request.Continue(before.Result.State, 0);
        }

        Span<float> row = stackalloc float[TokenLayout.Columns];
        for (var i = first; i < first + events; i++)
        {
            row.Fill(1);
            row[0] = i % 16;
            row[1] = i % 3;
            row[2] = i % 24;
            row[4] = 0.5f * (i % 7);
            request.AddRows(row);
        }

        return request;
    }

    private static EncoderRequest Encode(string file, Func<int, SequenceRows> create, params ReadOnlySpan<EncoderRequest> requests)
    {
        using var rows = create(requests.Length);
        for (var i = 0; i < requests.Length; i++)
        {
            rows.Write(i, requests[i]);
        }

        rows.Run(requests.Length);
        return rows.Read(0, requests[0]) is { } fault ? throw new ModelRefusedException(file, ModelFault.Behaviour, $"a trial run failed: {fault}") : requests[0];
    }

    private static void Compare(string file, string what, EncoderRequest a, EncoderRequest b)
    {
        var worst = Math.Max(Difference(a.Result.State, b.Result.State), Difference(a.Result.Probabilities, b.Result.Probabilities));
        if (!(worst <= Tolerance))
        {
            throw new ModelRefusedException(file, ModelFault.Behaviour, $"{what} differ by {worst}, more than {Tolerance}");
        }
    }

    private static float Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float worst = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = Math.Abs(a[i] - b[i]);
            worst = difference <= worst ? worst : difference;
        }

        return worst;
    }
}
