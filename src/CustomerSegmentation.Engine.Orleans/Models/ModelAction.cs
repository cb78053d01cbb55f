namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>What is done with a model on every silo that runs models.</summary>
public enum ModelAction
{
    /// <summary>Load it beside the active one, so that it can be activated at once.</summary>
    Load = 0,

    /// <summary>Let go of it.</summary>
    Unload = 1,

    /// <summary>Run it beside the active one and compare.</summary>
    StartShadow = 2,

    /// <summary>End the comparison.</summary>
    StopShadow = 3,
}
