namespace CustomerSegmentation.Learning.Fitting;

/// <summary>What happens to a column's values before they are standardised.</summary>
public enum ColumnTransform
{
    /// <summary>Nothing.</summary>
    Identity = 0,

    /// <summary>sign(x)·ln(1 + |x|): tames heavy tails such as counts and amounts, and keeps refunds (negative amounts) apart.</summary>
    SignedLog1P = 1,
}
