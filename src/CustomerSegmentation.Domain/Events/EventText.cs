using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Events;

/// <summary>What of an event a text model reads.</summary>
public static class EventText
{
    // Segment's name for what an agent wrote: its text is not the customer's.
    private const string AgentMessage = "Live Chat Message Received";

    /// <summary>The customer's own words; null when there are none, or nothing but white space, or the event has its embedding already.</summary>
    public static string? ToEmbed(CustomerEvent e) =>
        e.TextEmbedding is not null || string.IsNullOrWhiteSpace(e.Text)
            || (e.Kind == EventKind.Custom && string.Equals(e.Name, AgentMessage, StringComparison.OrdinalIgnoreCase))
            ? null : e.Text;
}
