// SPDX-License-Identifier: MIT

using Azure.Core;

namespace TorchStreaming.Storage;

/// <summary>How an <see cref="AzureBlobObjectStore"/> reaches its container. What is not set comes from the address and the
/// environment.</summary>
/// <remarks>Of several credentials the first wins: <see cref="Anonymous"/>, <see cref="ConnectionString"/>, <see cref="SasToken"/>,
/// <see cref="AccountKey"/>, <see cref="Credential"/>, the signature in the address, then the environment. Immutable and thread-safe.
/// <see cref="ToString"/> never shows a secret.</remarks>
public sealed record AzureStoreOptions
{
    /// <summary>The largest part that is buffered here: 1 GiB.</summary>
    public const int MaximumPartSize = 1 << 30;

    /// <summary>Gets the blob service's address, for example <c>https://account.blob.core.windows.net</c> or an emulator's.</summary>
    /// <value>The default is <see langword="null"/>: the address's host, else the account's public one.</value>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the storage account.</summary>
    /// <value>The default is <see langword="null"/>: the address's host up to its first dot, else <c>AZURE_ACCOUNT_NAME</c>, else
    /// <c>AZURE_STORAGE_ACCOUNT</c>.</value>
    public string? AccountName { get; init; }

    /// <summary>Gets the account's shared key.</summary>
    /// <value>The default is <see langword="null"/>: <c>AZURE_ACCOUNT_ACCESS_KEY</c>, else <c>AZURE_STORAGE_KEY</c>, when the environment
    /// names no other account.</value>
    public string? AccountKey { get; init; }

    /// <summary>Gets a shared access signature, with or without its question mark.</summary>
    /// <value>The default is <see langword="null"/>: the address's query, else <c>AZURE_STORAGE_SAS_TOKEN</c>.</value>
    public string? SasToken { get; init; }

    /// <summary>Gets a connection string as the portal shows it.</summary>
    /// <value>The default is <see langword="null"/>: <c>AZURE_STORAGE_CONNECTION_STRING</c>, when it is of the address's account.</value>
    public string? ConnectionString { get; init; }

    /// <summary>Gets where Microsoft Entra tokens come from.</summary>
    /// <value>The default is <see langword="null"/>: <c>DefaultAzureCredential</c> (environment, workload identity, managed identity,
    /// developer tools), where nothing else is configured.</value>
    public TokenCredential? Credential { get; init; }

    /// <summary>Gets whether requests go out unsigned, for public containers.</summary>
    /// <value>The default is <see langword="null"/>: only when no credential is found.</value>
    public bool? Anonymous { get; init; }

    /// <summary>Gets the size of an upload's blocks in bytes; smaller objects are written with one request.</summary>
    /// <value>The default is 16 MiB. Objects too large for 50 000 such blocks get larger ones when their length is known.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [1, <see cref="MaximumPartSize"/>].</exception>
    public int PartSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaximumPartSize);
            field = value;
        }
    }
        = 16 << 20;

    /// <summary>Gets how many blocks of one upload are under way at once; each holds a buffer of <see cref="PartSize"/> bytes.</summary>
    /// <value>The default is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [1, 64].</exception>
    public int UploadConcurrency
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64);
            field = value;
        }
    }
        = 4;

    /// <summary>Gets how long the service may take until it answers a request, the body of an upload's block included and the body of a
    /// download not.</summary>
    /// <value>The default is 100 seconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Renders the options without the secrets.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"AzureStoreOptions {{ Endpoint = {ObjectStoreLocation.WithoutSecrets(Endpoint?.OriginalString ?? "")}"
        + $", AccountName = {AccountName}, Anonymous = {Anonymous} }}";
}
