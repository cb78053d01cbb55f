namespace CustomerSegmentation.Engine.Encoders;

/// <summary>How far the encoder is with the customers.</summary>
public sealed record EncodingProgress
{
    /// <summary>Name and version of the current model; null while there is none.</summary>
    public string? Model { get; init; }

    /// <summary>Customers that wait in memory for the encoder.</summary>
    public int Waiting { get; init; }

    /// <summary>Why the encoder is not asked at the moment; null while it is.</summary>
    public string? Paused { get; init; }

    /// <summary>Whether everybody is being looked through for the current model.</summary>
    public bool IsSweeping { get; init; }

    /// <summary>Profiles to look through for the current model.</summary>
    public long Customers { get; init; }

    /// <summary>Profiles that were looked through.</summary>
    public long Looked { get; init; }

    /// <summary>Of those, customers that the model had not read and that were woken for it.</summary>
    public long Woken { get; init; }
}
