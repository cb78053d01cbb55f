using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.SiloHost.Export;

/// <summary>
/// One customer's events as the sequence model reads them, in the order of their times, however they came; the latest <see cref="EncoderRequest.EventsMax"/>.
/// </summary>
internal sealed class HistoryTokens
{
    private readonly List<EncoderToken> _tokens = [];

    public int Count => _tokens.Count;

    public void Clear() => _tokens.Clear();

    /// <summary>Takes the next event of the journal.</summary>
    public void Add(CustomerEvent e)
    {
        if (!EncoderToken.IsOf(e.Kind))
        {
            return;
        }

        var token = EncoderToken.Of(e);
        var place = _tokens.Count;
        while (place > 0 && _tokens[place - 1].TimeMs > token.TimeMs)
        {
            place--;
        }

        _tokens.Insert(place, token);
        if (_tokens.Count == 2 * EncoderRequest.EventsMax)
        {
            _tokens.RemoveRange(0, EncoderRequest.EventsMax);
        }
    }

    /// <summary>Puts the events into an empty request.</summary>
    public void CopyTo(EncoderRequest request)
    {
        for (var i = Math.Max(0, _tokens.Count - EncoderRequest.EventsMax); i < _tokens.Count; i++)
        {
            request.Add(_tokens[i]);
        }
    }
}
