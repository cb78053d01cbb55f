using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Simulation.Tests.Disk;
using CustomerSegmentation.Simulation.Tests.Scheduling;

namespace CustomerSegmentation.Simulation.Tests.Encoders;

/// <summary>One process's encoder: it answers after a while, in any order, and fails in all the ways in which a real one does.</summary>
internal sealed class SimulatedEncoder(SimulatedModels models, SimulatedContext context, SimulatedTime time) : IEncoder
{
    private const int SlowMsMax = 2_000;

    // Longer than anybody may wait for a receipt.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(15);

    // A third failed run would have the customer left alone until something new comes.
    private const int FailuresMax = 2;

    private readonly EncoderRequestPool _pool = new(keptMax: 8);
    private readonly Dictionary<ulong, int> _failures = [];
    private readonly EncoderModel? _first = models.Sequence;
    private EncoderModel? _before;

    public EncoderModel? Model => models.Fault == DeliberateFault.EncoderHidesNewModels ? _first : models.Sequence;

    public EncoderRequest Rent(EncoderModel model, ulong customer) => _pool.Rent(model, customer);

    public void Return(EncoderRequest request) => _pool.Return(request);

    public ValueTask<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default)
    {
        var task = request.Start(cancellationToken);
        _ = AnswerAsync(request, cancellationToken);
        return task;
    }

    private async Task AnswerAsync(EncoderRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Given up, which is seen below, in the request's turn; or faults have stopped.
        }
        await context.Yield();
        if (cancellationToken.IsCancellationRequested)
        {
            request.Cancel();
            return;
        }
        var outcome = Decide(request);
        if (outcome == EncoderOutcome.Encoded)
        {
            Compute(request);
        }
        request.Complete(outcome);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (models.Fault == DeliberateFault.EncoderLosesRequests && models.Chance(0.1))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        if (models.Chance(models.FaultRate / 4))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, models.Rest);
            await Task.Delay(Hang, time, either.Token);
        }
        else if (models.Chance(models.FaultRate))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(models.Random.Next(1, SlowMsMax)), time, cancellationToken);
        }
    }

    private EncoderOutcome Decide(EncoderRequest request)
    {
        if (Folding.IsPoison(request.Events[^TokenLayout.Columns..]))
        {
            return EncoderOutcome.Refused;
        }
        if (models.Sequence is null)
        {
            return EncoderOutcome.Unavailable;
        }
        if (!models.Chance(models.FaultRate))
        {
            return EncoderOutcome.Encoded;
        }
        switch (models.Random.Next(4))
        {
            case 0:
                return EncoderOutcome.Busy;
            case 1:
                return EncoderOutcome.Unavailable;
            case 2 when request.Model.Id != models.Sequence.Id:
                // Else the model that the request was begun for is kept for those under way.
                return EncoderOutcome.OtherModel;
            default:
                var failures = _failures.GetValueOrDefault(request.Customer);
                _failures[request.Customer] = failures + 1;
                return failures < FailuresMax ? EncoderOutcome.Failed : EncoderOutcome.Encoded;
        }
    }

    private void Compute(EncoderRequest request)
    {
        var wrong = models.Fault switch
        {
            DeliberateFault.EncoderSkipsEvents => request.EventCount > 1,
            DeliberateFault.EncoderMixesModels => _before is not null,
            _ => false,
        };
        Folding.Compute(
            request,
            wrong && models.Fault == DeliberateFault.EncoderMixesModels ? _before! : request.Model,
            wrong && models.Fault == DeliberateFault.EncoderSkipsEvents ? 1 : 0);
        _before = request.Model;
    }
}
