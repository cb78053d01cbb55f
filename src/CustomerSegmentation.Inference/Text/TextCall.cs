using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Inference.Text;

/// <summary>One caller with its texts. It ends once: when all its texts were dealt with, or when its time is up. Guarded by the pool's lock.</summary>
internal sealed class TextCall(TextEmbedding?[] into, int waitingFor)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Texts that were not dealt with yet; 0 once it has ended.</summary>
    public int WaitingFor { get; private set; } = waitingFor;

    /// <summary>Ends with the call.</summary>
    public Task Task => _ended.Task;

    /// <summary>Whether it has ended: nothing is written to its places any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>One text was dealt with.</summary>
    public void Answer(int place, TextEmbedding? embedding)
    {
        if (HasEnded)
        {
            return;
        }

        into[place] = embedding;
        if (--WaitingFor == 0)
        {
            HasEnded = true;
            _ended.SetResult();
        }
    }

    /// <summary>Its time is up.</summary>
    public void Expire()
    {
        if (!HasEnded)
        {
            HasEnded = true;
            WaitingFor = 0;
            _ended.SetResult();
        }
    }
}
