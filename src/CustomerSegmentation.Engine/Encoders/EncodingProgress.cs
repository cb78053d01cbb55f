using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Domain.Encoders;

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

    /// <summary>Readings that were kept since the start.</summary>
    public long Readings { get; init; }

    /// <summary>Readings a second, over the latest seconds.</summary>
    public double ReadingsPerSecond { get; init; }

    /// <summary>Readings that the model refused since the start.</summary>
    public long Refused { get; init; }

    /// <summary>The same with how the reading goes now.</summary>
    internal EncodingProgress Of(EncoderModel? model, ReadingStatus status) => this with
    {
        Model = model?.Id,
        Waiting = status.Waiting,
        Paused = status.Paused,
        Readings = status.Readings,
        ReadingsPerSecond = status.ReadingsPerSecond,
        Refused = status.Refused,
    };

    /// <summary>The same for the engine's health.</summary>
    /// <param name="lacking">Why there is no model; null where that is not known.</param>
    public EncoderHealth ToHealth(string? lacking = null) => new()
    {
        Model = Model,
        State = Model is null ? "none" : Paused is null ? "reading" : "paused",
        Reason = Model is null ? lacking : Paused,
        Waiting = Waiting,
        ReadingsPerSecond = ReadingsPerSecond,
        Readings = Readings,
        Refused = Refused,
    };

    /// <summary>The same for readers; null where there is no model.</summary>
    public EncodingView? ToView() => Model is null ? null : new EncodingView
    {
        Waiting = Waiting,
        Paused = Paused,
        Sweeping = IsSweeping,
        Customers = Customers,
        Looked = Looked,
        Woken = Woken,
        Readings = Readings,
        ReadingsPerSecond = ReadingsPerSecond,
        Refused = Refused,
    };
}
