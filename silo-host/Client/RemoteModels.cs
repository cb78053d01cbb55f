using CustomerSegmentation.Contracts.Models;

namespace CustomerSegmentation.SiloHost.Client;

/// <summary>The models of a running service. What it refuses is a <see cref="Commands.CommandFailure"/> with its reason.</summary>
internal sealed class RemoteModels(ServiceClient client) : IModelCatalogue
{
    private const string Path = "api/models";

    public async Task<ModelsView> ListAsync(CancellationToken cancellationToken = default) =>
        await client.GetAsync<ModelsView>(Path, cancellationToken) ?? new ModelsView();

    public async Task<(ModelView Model, bool IsNew)> AddAsync(ModelPackage package, CancellationToken cancellationToken = default)
    {
        var (model, status) = await client.PostContentAsync<ModelView>(Path, () => Form(package), cancellationToken);
        return (model, status == System.Net.HttpStatusCode.Created);
    }

    public Task<ModelView> ActivateAsync(string version, CancellationToken cancellationToken = default) => PostAsync($"{Of(version)}/activate", cancellationToken);

    public Task<ModelView> RollBackAsync(CancellationToken cancellationToken = default) => PostAsync($"{Path}/rollback", cancellationToken);

    public Task<ModelView> StartShadowAsync(string version, CancellationToken cancellationToken = default) => PostAsync($"{Of(version)}/shadow", cancellationToken);

    public Task<ModelView> StopShadowAsync(string version, CancellationToken cancellationToken = default) =>
        client.DeleteAsync<ModelView>($"{Of(version)}/shadow", cancellationToken)!;

    public Task RemoveAsync(string version, CancellationToken cancellationToken = default) => client.DeleteAsync<ModelView>(Of(version), cancellationToken);

    private static string Of(string version) => $"{Path}/{Uri.EscapeDataString(version)}";

    private Task<ModelView> PostAsync(string path, CancellationToken cancellationToken) => client.PostAsync<ModelView>(path, null, cancellationToken);

    private static MultipartFormDataContent Form(ModelPackage package) =>
        package.Files.Aggregate(Add(new MultipartFormDataContent(), "manifest", package.Manifest), (form, file) => Add(form, "file", file));

    private static MultipartFormDataContent Add(MultipartFormDataContent form, string name, ModelPart part)
    {
        form.Add(new StreamContent(part.Open()), name, part.Name);
        return form;
    }
}
