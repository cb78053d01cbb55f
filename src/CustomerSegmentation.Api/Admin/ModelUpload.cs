using CustomerSegmentation.Contracts.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CustomerSegmentation.Api.Admin;

/// <summary>
/// Reads a model from a multipart body: the part <c>manifest</c>, and a part <c>file</c> for each file that it names. Larger parts lie in temporary files until
/// the request ends. One upload at a time.
/// </summary>
internal sealed class ModelUpload(IOptions<ApiOptions> options)
{
    public const string ManifestPart = "manifest";
    public const string FilePart = "file";
    private const int PartsMax = 16;
    private int _busy;

    /// <summary>Takes the place of the one upload; false while another one has it.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    public void End() => Volatile.Write(ref _busy, 0);

    /// <exception cref="FormatException">The body is no such form, or too large.</exception>
    public async Task<ModelPackage> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var bytesMax = options.Value.ModelUploadBytesMax;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = bytesMax;
        }

        var feature = new FormFeature(request, new FormOptions { MultipartBodyLengthLimit = bytesMax, ValueCountLimit = PartsMax });
        request.HttpContext.Features.Set<IFormFeature>(feature);
        if (!request.HasFormContentType)
        {
            throw new FormatException($"Send multipart/form-data: curl -F {ManifestPart}=@model.json -F {FilePart}=@model.onnx");
        }

        IFormCollection form;
        try
        {
            form = await feature.ReadFormAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException || (e is IOException && !cancellationToken.IsCancellationRequested))
        {
            throw new FormatException($"The form cannot be read, or has more than {bytesMax} bytes: {e.Message}", e);
        }

        if (form.Files.GetFiles(ManifestPart) is not [var manifest])
        {
            throw new FormatException($"The form needs one file in the part '{ManifestPart}'.");
        }

        var others = form.Files.Where(file => file != manifest).ToList();
        if (form.Count > 0 || others.Count > PartsMax || others.Any(file => file.Name != FilePart))
        {
            throw new FormatException($"Beside '{ManifestPart}' the form has the part '{FilePart}' alone, at most {PartsMax} times, each with a file.");
        }

        return new ModelPackage(Part(manifest), [.. others.Select(Part)]);
    }

    // Some clients send the file's whole path as its name.
    private static ModelPart Part(IFormFile file) => new(file.FileName[(file.FileName.LastIndexOfAny(['/', '\\']) + 1)..], file.Length, file.OpenReadStream);
}
