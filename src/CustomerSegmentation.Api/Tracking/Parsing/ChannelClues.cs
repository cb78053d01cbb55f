using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>What a context tells about the channel.</summary>
internal struct ChannelClues
{
    /// <summary>What the sender says.</summary>
    public Channel Explicit;

    /// <summary>What the SDK's name says.</summary>
    public Channel Library;

    /// <summary>An app is described.</summary>
    public bool App;

    /// <summary>A web page is described.</summary>
    public bool Page;

    /// <summary>The sender's word first; then app and page, which a server may pass on for a visitor; then the SDK.</summary>
    public readonly Channel Decide()
    {
        if (Explicit != Channel.Unknown)
        {
            return Explicit;
        }

        if (Library is Channel.Web or Channel.MobileApp)
        {
            return Library;
        }

        return Page ? Channel.Web : App ? Channel.MobileApp : Library;
    }
}
