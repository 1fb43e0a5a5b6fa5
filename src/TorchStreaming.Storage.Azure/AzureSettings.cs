// SPDX-License-Identifier: MIT

using Azure.Core;
using Azure.Identity;

namespace TorchStreaming.Storage;

/// <summary>What the options, the address and the environment together say: where the service is and how requests are signed.</summary>
internal sealed class AzureSettings
{
    /// <summary>The hosts that the environment's secrets may go to when the address alone names the host.</summary>
    private static readonly string[] AzureHosts =
        [".core.windows.net", ".storage.azure.net", ".core.chinacloudapi.cn", ".core.usgovcloudapi.net"];

    /// <summary>The variables that show that somebody meant the caller to have a Microsoft Entra identity.</summary>
    private static readonly string[] IdentityVariables = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"];

    private AzureSettings(Uri endpoint, AzureAuthorization authorization)
    {
        Endpoint = endpoint;
        Authorization = authorization;
    }

    /// <summary>The blob service, with the account in the path where an emulator has it there.</summary>
    public Uri Endpoint { get; }

    public AzureAuthorization Authorization { get; }

    public static AzureSettings Resolve(
        AzureAddress address,
        string? signature,
        AzureStoreOptions options,
        Func<string, string?> environment,
        TimeProvider time,
        Func<TokenCredential>? chain = null)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        var named = Variable("AZURE_ACCOUNT_NAME") ?? Variable("AZURE_STORAGE_ACCOUNT");
        var isAzure = address.Host is { } host && IsAzure(HostOf(host));
        var connection = (options.ConnectionString, Variable("AZURE_STORAGE_CONNECTION_STRING")) switch
        {
            ({ } given, _) => AzureConnectionString.Parse(given),
            (_, { } variable) when options.Endpoint is null => Matching(AzureConnectionString.Parse(variable), address, isAzure),
            _ => null,
        };

        // A host of Azure's names its account; any other host (a custom domain) does not.
        var account = options.AccountName ?? (isAzure ? address.Account : null) ?? connection?.Account ?? named ?? address.Account;
        var endpoint = options.Endpoint
            ?? (options.ConnectionString is null ? null : connection?.Endpoint)
            ?? (address.Host is { } own ? new Uri($"{(address.IsSecure ? "https" : "http")}://{own}") : connection?.Endpoint)
            ?? (account is null ? throw NoAccount() : new Uri($"https://{CheckAccount(account)}.blob.core.windows.net"));
        var isOfEnvironment = named is null || string.Equals(named, account, StringComparison.OrdinalIgnoreCase);
        var isTrusted = isAzure || address.Host is null || options.Endpoint is not null;

        AzureAuthorization authorization =
            options.Anonymous == true ? new AzureAnonymous()
            : options.ConnectionString is not null ? OfConnection(connection!)
            : options.SasToken is { } sas ? new AzureSharedSignature(sas)
            : options.AccountKey is { } key ? new AzureSharedKey(account ?? throw NoAccount(), key)
            : options.Credential is { } credential ? new AzureEntraToken(() => credential, mayBeAnonymous: false, time)
            : signature is not null ? new AzureSharedSignature(signature)
            : connection is not null ? OfConnection(connection)
            : isOfEnvironment && account is not null
                && (Variable("AZURE_ACCOUNT_ACCESS_KEY") ?? Variable("AZURE_STORAGE_KEY")) is { } secret
                ? new AzureSharedKey(account, secret)
            : isOfEnvironment && isTrusted && Variable("AZURE_STORAGE_SAS_TOKEN") is { } token ? new AzureSharedSignature(token)
            : isTrusted ? new AzureEntraToken(
                chain ?? (static () => new DefaultAzureCredential()),
                options.Anonymous is null && !IdentityVariables.Any(name => Variable(name) is not null),
                time)
            : new AzureAnonymous();
        return new AzureSettings(endpoint, authorization);
    }

    /// <summary>Says whether a host can only be Azure's.</summary>
    public static bool IsAzure(string host) => AzureHosts.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The environment's connection string, if it is of the address's account or the address names none.</summary>
    private static AzureConnectionString? Matching(AzureConnectionString found, AzureAddress address, bool isAzure) =>
        address.Host is null
        || string.Equals(found.Endpoint?.Authority, address.Host, StringComparison.OrdinalIgnoreCase)
        || (isAzure && string.Equals(found.Account, address.Account, StringComparison.OrdinalIgnoreCase))
            ? found
            : null;

    private static AzureAuthorization OfConnection(AzureConnectionString connection) =>
        connection.Signature is { } signature ? new AzureSharedSignature(signature)
        : connection is { Account: { } account, Key: { } key } ? new AzureSharedKey(account, key)
        : new AzureAnonymous();

    private static string HostOf(string authority)
    {
        var port = authority.IndexOf(':', StringComparison.Ordinal);
        return port < 0 ? authority : authority[..port];
    }

    private static string CheckAccount(string account) => account.All(char.IsAsciiLetterOrDigit)
        ? account
        : throw new ArgumentException("The storage account's name is not made of letters and digits.");

    private static ArgumentException NoAccount() =>
        new("The address names no storage account. Set AZURE_ACCOUNT_NAME, give a connection string or an endpoint, or write "
            + "azure://account.blob.core.windows.net/container/path.");
}
