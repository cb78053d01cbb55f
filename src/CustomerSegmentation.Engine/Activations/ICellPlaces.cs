namespace CustomerSegmentation.Engine.Activations;

/// <summary>Where the cells of this process's customers hang, to be found by id. Called from many threads.</summary>
internal interface ICellPlaces
{
    /// <summary>The cell that hangs there; null for none.</summary>
    CustomerCell? Find(string customerId);

    /// <summary>The cell that hangs there, or a new one, which is told; null when the customer belongs to another process.</summary>
    CustomerCell? GetOrAdd(string customerId, out bool added);

    /// <summary>Whether the customer belongs to this process.</summary>
    bool Admits(string customerId);

    /// <summary>Takes the cell away, if it hangs there.</summary>
    void Remove(CustomerCell cell);
}
