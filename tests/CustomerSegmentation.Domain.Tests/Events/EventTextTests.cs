using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.Events;

public sealed class EventTextTests
{
    [Theory]
    [InlineData(EventKind.ProductReviewed, null, "a mug", true)]
    [InlineData(EventKind.Custom, "Live Chat Message Sent", "where is it?", true)]
    [InlineData(EventKind.Custom, "Live Chat Message Received", "an agent's words", false)]
    [InlineData(EventKind.Custom, "live chat message received", "an agent's words", false)]
    [InlineData(EventKind.ProductReviewed, null, "", false)]
    [InlineData(EventKind.ProductReviewed, null, " \t\n", false)]
    [InlineData(EventKind.ProductReviewed, null, null, false)]
    public void Customers_own_words_are_embedded(EventKind kind, string? name, string? text, bool isEmbedded)
    {
        var e = new CustomerEvent { MessageId = "m", Kind = kind, TimestampMs = 1, Name = name, Text = text };
        Assert.Equal(isEmbedded ? text : null, EventText.ToEmbed(e));
    }

    [Fact]
    public void What_is_embedded_already_is_left_as_it_is() =>
        Assert.Null(EventText.ToEmbed(TextSamples.Review("m", TextSamples.Embedding("text 1", 1))));
}
