// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.TestKit;

/// <summary>Carries out an <see cref="AIStoreFault"/>.</summary>
internal static class AIStoreFaults
{
    public static async Task AnswerAsync(AIStoreCall call, AIStoreFault fault, Func<AIStoreCall, Task> answer)
    {
        var response = call.Context.Response;
        switch (fault)
        {
            case AIStoreFault.Status status:
                if (status.RetryAfterSeconds is { } seconds)
                {
                    response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                }

                await call.FailAsync(status.Code, "scripted", status.ErrorCode);
                break;
            case AIStoreFault.Reset:
                call.Context.Abort();
                break;
            case AIStoreFault.Redirect redirect:
                response.StatusCode = redirect.Code;
                response.Headers.Location = redirect.Location;
                break;
            case AIStoreFault.Body body:
                response.ContentType = body.Type;
                await response.Body.WriteAsync(body.Content);
                break;
            case AIStoreFault.Before before:
                await before.Code();
                await answer(call);
                break;
            case AIStoreFault.ShortBatch cut:
                call.BatchLimit = cut.Entries;
                await answer(call);
                break;
            default:
                response.Body = new FaultyBody(response.Body, fault, call.Context);
                await answer(call);
                break;
        }
    }
}
