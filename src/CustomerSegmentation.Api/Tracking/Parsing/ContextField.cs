namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>The members of <c>context</c> that are read.</summary>
internal enum ContextField : byte
{
    None = 0,
    Library,
    App,
    Page,
    Device,
    UserAgent,
    Channel,
    SessionId,
    Traits,
}
