namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Layouts of tables that can be imported.</summary>
internal enum ImportFormat : byte
{
    /// <summary>The Online Retail table of the UCI Machine Learning Repository.</summary>
    OnlineRetail,

    /// <summary>Any table, with a <see cref="ColumnMap"/>.</summary>
    Csv,
}
