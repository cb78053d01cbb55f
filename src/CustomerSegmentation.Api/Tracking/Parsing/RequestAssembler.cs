using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Puts the events of a batch together by customer: one request for each, so one turn of the customer's actor.</summary>
internal sealed class RequestAssembler
{
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly List<Group> _list = [];

    public (TrackRequest[] Requests, int[] Positions) Assemble(ReadOnlySpan<EventDraft> drafts)
    {
        var total = CountGroups(drafts);
        var requests = new TrackRequest[_list.Count];
        var events = new CustomerEvent[_list.Count][];
        var positions = new int[total];
        var offset = 0;
        for (var g = 0; g < requests.Length; g++)
        {
            var group = _list[g];
            events[g] = new CustomerEvent[group.Count];
            requests[g] = new TrackRequest { CustomerId = group.CustomerId, Events = events[g] };
            _list[g] = group with { Count = 0, Offset = offset };
            offset += group.Count;
        }

        foreach (var draft in drafts)
        {
            if (draft.Event is { } @event)
            {
                var group = _list[draft.Group];
                events[draft.Group][group.Count] = @event;
                positions[group.Offset + group.Count] = draft.Index;
                _list[draft.Group] = group with { Count = group.Count + 1 };
                draft.Event = null;
            }
        }

        _groups.Clear();
        _list.Clear();
        return (requests, positions);
    }

    private int CountGroups(ReadOnlySpan<EventDraft> drafts)
    {
        var total = 0;
        var last = -1;
        foreach (var draft in drafts)
        {
            if (draft.Event is null)
            {
                continue;
            }

            var id = draft.CustomerId!;
            if (last < 0 || _list[last].CustomerId != id)
            {
                last = Find(id);
            }

            draft.Group = last;
            _list[last] = _list[last] with { Count = _list[last].Count + 1 };
            total++;
        }

        return total;
    }

    private int Find(string customerId)
    {
        if (!_groups.TryGetValue(customerId, out var index))
        {
            index = _list.Count;
            _groups.Add(customerId, index);
            _list.Add(new Group(customerId, 0, 0));
        }

        return index;
    }

    private readonly record struct Group(string CustomerId, int Count, int Offset);
}
