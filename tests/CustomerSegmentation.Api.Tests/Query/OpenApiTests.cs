using System.Text.Json;
using CustomerSegmentation.Api.Tests.Fakes;

namespace CustomerSegmentation.Api.Tests.Query;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_describes_every_path_with_summary_security_and_answers()
    {
        await using var server = await ApiServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths");
        string[] expected =
        [
            "/v1/track", "/v1/identify", "/v1/page", "/v1/screen", "/v1/group", "/v1/alias", "/v1/batch", "/v1/t", "/v1/b",
            "/v1/projects/{writeKey}/settings", "/api/customers", "/api/customers/{id}", "/api/customers/{id}/history",
            "/api/customers/{id}/explanation", "/api/customers/{id}/export", "/api/segments", "/api/segments/flows", "/api/segments/{key}", "/api/audiences", "/api/audiences/{key}",
            "/api/segmentations", "/api/segmentations/current", "/api/segmentations/{version}", "/api/segmentations/{version}/activate",
            "/api/segmentations/{version}/cancel", "/api/models", "/api/models/{version}", "/api/models/{version}/activate",
            "/api/models/rollback", "/api/models/{version}/shadow", "/api/rejections", "/api/live", "/healthz/live", "/healthz/ready",
        ];
        Assert.Empty(expected.Except(paths.EnumerateObject().Select(path => path.Name)));
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(operation.Value.GetProperty("summary").GetString()), path.Name);
                Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
                if (path.Name.StartsWith("/api/", StringComparison.Ordinal))
                {
                    Assert.Contains(
                        operation.Value.GetProperty("security").EnumerateArray(), requirement => requirement.TryGetProperty("adminKey", out _));
                    Assert.True(operation.Value.GetProperty("responses").TryGetProperty("403", out _), path.Name);
                }
            }
        }

        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.TryGetProperty("CustomerView", out var customer));
        Assert.True(customer.GetProperty("properties").TryGetProperty("topCategories", out _));
        Assert.Contains("running", document.RootElement.GetRawText());
    }
}
