// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Storage;

/// <summary>Completes options by the environment: what is given wins, then the variables, then the defaults.</summary>
internal static class AISEnvironment
{
    public const string EndpointVariable = "AIS_ENDPOINT";
    public const string TokenVariable = "AIS_AUTHN_TOKEN";
    public const string TokenFileVariable = "AIS_AUTHN_TOKEN_FILE";

    /// <summary>What stands for no bound: connections count at most 24 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(20);

    public static AISClientOptions Complete(AISClientOptions options, Func<string, string?> read)
    {
        string? Read(string name) => read(name) is { Length: > 0 } value ? value : null;
        return options with
        {
            Endpoint = EndpointOf(options.Endpoint, Read(EndpointVariable)),
            Retry = options.Retry ?? RetryOf(Seconds("AIS_READ_TIMEOUT", Read)),
            ConnectTimeout = options.ConnectTimeout ?? Seconds("AIS_CONNECT_TIMEOUT", Read) ?? TimeSpan.FromSeconds(3),
            MaxConnectionsPerServer = options.MaxConnectionsPerServer ?? Number("AIS_MAX_CONN_POOL", Read),
            SkipCertificateCheck = options.SkipCertificateCheck ?? IsTrue(Read("AIS_SKIP_VERIFY_CRT") ?? Read("AIS_SKIP_VERIFY")),
            CertificateAuthorityFile = options.CertificateAuthorityFile ?? Read("AIS_CLIENT_CA"),
            CertificateFile = options.CertificateFile ?? Read("AIS_CRT"),
            CertificateKeyFile = options.CertificateKeyFile ?? Read("AIS_CRT_KEY"),
        };
    }

    private static Uri EndpointOf(Uri? given, string? variable)
    {
        if (given is { } uri)
        {
            return uri is { IsAbsoluteUri: true, Scheme: "http" or "https" }
                ? uri
                : throw new ArgumentException("The endpoint of AIStore is not an http:// or https:// address.", nameof(given));
        }

        var text = variable ?? "http://localhost:8080";
        text = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(text, UriKind.Absolute, out var read) && read.Scheme is "http" or "https"
            ? read
            : throw new ArgumentException($"The variable {EndpointVariable} is neither host:port nor an http:// or https:// address.");
    }

    private static RetryPolicy RetryOf(TimeSpan? stall)
    {
        var policy = new RetryPolicy { Attempts = 5 };
        return stall is { } given ? policy with { StallTimeout = given } : policy;
    }

    private static TimeSpan? Seconds(string name, Func<string, string?> read)
    {
        if (read(name) is not { } text)
        {
            return null;
        }

        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
        if (!isNumber || seconds > LongestWait.TotalSeconds)
        {
            throw new ArgumentException($"The variable {name} is '{text}', which is no number of seconds.");
        }

        // Zero means no bound, in the reference too.
        return seconds == 0 ? LongestWait : TimeSpan.FromSeconds(seconds);
    }

    private static int? Number(string name, Func<string, string?> read) => read(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"The variable {name} is '{text}', which is no number of 1 or more.");

    private static bool IsTrue(string? text) => text?.ToLowerInvariant() is "1" or "t" or "true" or "y" or "yes" or "on";
}
