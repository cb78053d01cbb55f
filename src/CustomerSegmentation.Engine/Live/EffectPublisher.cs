using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Activations;

namespace CustomerSegmentation.Engine.Live;

/// <summary>Lets effects out of actors once their events are committed, one customer's effects in order.</summary>
internal sealed class EffectPublisher(LiveFeed feed, RateMeter meter)
{
    /// <summary>In a turn of its own.</summary>
    public async ValueTask PublishAsync(CustomerCell cell, CustomerActor actor)
    {
        if (!cell.TryEnter())
        {
            await cell.EnterAsync(int.MaxValue);
        }
        try
        {
            Publish(actor);
        }
        finally
        {
            cell.Exit();
        }
    }

    /// <summary>Within the customer's turn.</summary>
    public void Publish(CustomerActor actor)
    {
        var effects = new List<CustomerEffect>();
        actor.TakeEffects(effects);
        foreach (var effect in effects)
        {
            meter.AddTransitions(effect.Transition is null ? 0 : 1);
            feed.Publish(new LiveEvent
            {
                Time = effect.Transition?.Time ?? effect.Audience!.Time,
                Transition = effect.Transition,
                Audience = effect.Audience,
            });
        }
    }
}
