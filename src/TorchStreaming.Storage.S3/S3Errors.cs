// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace TorchStreaming.Storage;

/// <summary>Turns what the SDK throws into <see cref="StorageException"/>s. Answers of the store are quoted by code, status and request id
/// only: their text may repeat signed strings.</summary>
internal static class S3Errors
{
    public static StorageException Map(Exception error, string what, string location, bool anonymous) => error switch
    {
        StorageException mapped => mapped,
        AmazonS3Exception answer => OfAnswer(answer, what, location, anonymous),
        AmazonServiceException { InnerException: { } inner } => CloudErrors.OfTransport(inner, what, location),
        AmazonClientException client => OfClient(client, what, location),
        _ => CloudErrors.OfTransport(error, what, location),
    };

    /// <summary>Gets the region that an answer sends the caller to, or <see langword="null"/> when it does not.</summary>
    public static string? RegionOf(AmazonS3Exception answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.BadRequest))
        {
            return null;
        }

        // The body of a HEAD's answer, which would say it too, does not exist.
        var reply = (answer.InnerException as HttpErrorResponseException)?.Response;
        return reply?.IsHeaderPresent("x-amz-bucket-region") == true ? reply.GetHeaderValue("x-amz-bucket-region") : null;
    }

    /// <summary>Gets the kind of an answer from the protocol's error code, or from the status where there is no body (HEAD) or an unknown
    /// code.</summary>
    public static StorageErrorKind KindOf(HttpStatusCode status, string? code) => code switch
    {
        "NoSuchKey" or "NoSuchBucket" or "NoSuchVersion" or "NotFound" => StorageErrorKind.NotFound,
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired"
            or "RequestTimeTooSkewed" or "AuthorizationHeaderMalformed" or "InvalidSecurity" or "NotSignedUp" => StorageErrorKind.Unauthenticated,
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" or "InvalidObjectState" => StorageErrorKind.PermissionDenied,
        "PreconditionFailed" or "InvalidRange" or "ConditionalRequestConflict" => StorageErrorKind.PreconditionFailed,
        "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequests" => StorageErrorKind.Throttled,
        "RequestTimeout" => StorageErrorKind.Timeout,
        "InternalError" or "ServiceUnavailable" or "OperationAborted" or "IncompleteBody" => StorageErrorKind.Unavailable,
        "NotImplemented" => StorageErrorKind.NotSupported,
        "EntityTooLarge" or "QuotaExceeded" => StorageErrorKind.DiskFull,
        _ => CloudErrors.KindOf(status),
    };

    private static StorageException OfAnswer(AmazonS3Exception answer, string what, string location, bool anonymous)
    {
        // A broken connection also surfaces as a service exception, one without a status.
        if (answer.StatusCode == 0 && answer.InnerException is { } inner)
        {
            return CloudErrors.OfTransport(inner, what, location);
        }

        var code = CloudErrors.IsCode(answer.ErrorCode) ? answer.ErrorCode : null;
        var kind = KindOf(answer.StatusCode, code);
        var id = CloudErrors.IsCode(answer.RequestId) ? $", request {answer.RequestId}" : "";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Could not {what} '{location}': {code ?? "no error code"} (HTTP {(int)answer.StatusCode}{id}).")
            + Advice(kind, answer, anonymous);
        return new StorageException(kind, location, text);
    }

    private static string Advice(StorageErrorKind kind, AmazonS3Exception answer, bool anonymous) => kind switch
    {
        StorageErrorKind.NotFound => " The bucket or the object does not exist.",
        StorageErrorKind.PermissionDenied when anonymous =>
            " The request was not signed, since no credentials were found; the bucket is not public.",
        StorageErrorKind.PermissionDenied =>
            " The credentials may not do this, or the object does not exist and they may not list the bucket. A requester-pays bucket "
                + "must be named in MOSAICML_STREAMING_AWS_REQUESTER_PAYS.",
        StorageErrorKind.Unauthenticated => " The credentials are wrong or expired, or were made for another region or endpoint.",
        StorageErrorKind.PreconditionFailed => " The object changed, or is shorter than the range asked for.",
        StorageErrorKind.Other when (int)answer.StatusCode is 301 or 307 =>
            " The bucket is in another region; set AWS_REGION or the options' Region.",
        _ => "",
    };

    private static StorageException OfClient(AmazonClientException error, string what, string location) =>
        error.InnerException is HttpRequestException or IOException or OperationCanceledException
            ? CloudErrors.OfTransport(error.InnerException, what, location)
            : new StorageException(
                StorageErrorKind.Unauthenticated,
                location,
                $"Could not {what} '{location}': the AWS SDK could not prepare the request. Check the credentials (environment, "
                    + "profile, role) and the region, or set Anonymous for a public bucket.",
                error);
}
