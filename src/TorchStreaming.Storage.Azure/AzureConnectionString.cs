// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A connection string, taken apart. Not a record: those show what they hold.</summary>
internal sealed class AzureConnectionString
{
    private const string EmulatorAccount = "devstoreaccount1";

    /// <summary>The emulator's key, which is public and the same everywhere.</summary>
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private AzureConnectionString(string? account, string? key, string? signature, Uri? endpoint)
    {
        Account = account;
        Key = key;
        Signature = signature;
        Endpoint = endpoint;
    }

    public string? Account { get; }

    public string? Key { get; }

    public string? Signature { get; }

    public Uri? Endpoint { get; }

    public static AzureConnectionString Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Malformed();
            }

            values[setting[..equals]] = setting[(equals + 1)..];
        }

        if (values.GetValueOrDefault("UseDevelopmentStorage") is "true")
        {
            return new AzureConnectionString(EmulatorAccount, EmulatorKey, null, new Uri($"http://127.0.0.1:10000/{EmulatorAccount}"));
        }

        var account = values.GetValueOrDefault("AccountName");
        var protocol = values.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = values.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        var endpoint = values.GetValueOrDefault("BlobEndpoint") ?? (account is null ? null : $"{protocol}://{account}.blob.{suffix}");
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? new AzureConnectionString(
                account, values.GetValueOrDefault("AccountKey"), values.GetValueOrDefault("SharedAccessSignature"), uri)
            : throw Malformed();
    }

    private static ArgumentException Malformed() =>
        new("The connection string is malformed: it needs AccountName or BlobEndpoint, as name=value pairs between semicolons.");
}
