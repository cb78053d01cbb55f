using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Tests;

public sealed class ApiOptionsTests
{
    public static readonly TheoryData<string, Action<ApiOptions>> Wrong = new()
    {
        { "WriteKeys is empty", options => options.WriteKeys.Clear() },
        { "AdminKeys is empty", options => options.AdminKeys.Clear() },
        { "WriteKeys[0] is not", options => options.WriteKeys[0] = "short" },
        { "AdminKeys[0] is not", options => options.AdminKeys[0] = "with:a-colon" },
        { "AdminKeys[0] is not", options => options.AdminKeys[0] = "with a space" },
        { "both a write key and an admin key", options => options.AdminKeys[0] = options.WriteKeys[0] },
        { "RetryAfterSeconds", options => options.RetryAfterSeconds = 0 },
        { "EventBytesMax is above", options => options.EventBytesMax = 1024 * 1024 },
        { "does not hold two", options => options.BodyBytesInFlightMax = 64 * 1024 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_setting_is_named_without_showing_a_key(string message, Action<ApiOptions> spoil)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Build(spoil));
        Assert.Contains(message, exception.Message);
        Assert.DoesNotContain("secret", exception.Message);
    }

    [Fact]
    public void Keys_do_not_show_in_text()
    {
        var text = Build(_ => { }).ToString();
        Assert.DoesNotContain("secret", text);
        Assert.Contains("write keys: 1 (hidden)", text);
    }

    [Fact]
    public void Keys_may_be_missing_when_none_are_required() =>
        Assert.False(Build(options =>
        {
            options.RequireKeys = false;
            options.WriteKeys.Clear();
            options.AdminKeys.Clear();
        }).RequireKeys);

    private static ApiOptions Build(Action<ApiOptions> change)
    {
        var services = new ServiceCollection();
        services.AddSegmentationApi(options =>
        {
            options.WriteKeys.Add("write-secret-1");
            options.AdminKeys.Add("admin-secret-1");
            change(options);
        });
        return services.BuildServiceProvider().GetRequiredService<IOptions<ApiOptions>>().Value;
    }
}
