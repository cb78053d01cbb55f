using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Domain.Tests.Shop;

/// <summary>Checks a property for many seeds; a failure names the seed.</summary>
internal static class Seeds
{
    public static void All(Action<int> property, int tests = 200) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tests),
            Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), property));
}
