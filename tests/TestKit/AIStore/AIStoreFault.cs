// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>How a node of an <see cref="AIStoreServer"/> answers a request instead of well.</summary>
public abstract record AIStoreFault
{
    private AIStoreFault()
    {
    }

    /// <summary>Answers with a status.</summary>
    public sealed record Status(int Code, int? RetryAfterSeconds = null, string? ErrorCode = null) : AIStoreFault;

    /// <summary>Resets the connection before the answer.</summary>
    public sealed record Reset : AIStoreFault;

    /// <summary>Resets the connection after some bytes of the body.</summary>
    public sealed record BreakAfter(long Bytes) : AIStoreFault;

    /// <summary>Ends the body early, as if it were whole.</summary>
    public sealed record EndAfter(long Bytes) : AIStoreFault;

    /// <summary>Sends some bytes of the body and then nothing, until the client goes away.</summary>
    public sealed record StallAfter(long Bytes) : AIStoreFault;

    /// <summary>Answers well but for one wrong byte.</summary>
    public sealed record FlipByte(long Offset) : AIStoreFault;

    /// <summary>Sends the request to another address.</summary>
    public sealed record Redirect(string Location, int Code = 301) : AIStoreFault;

    /// <summary>Answers with a body of the test's.</summary>
    public sealed record Body(byte[] Content, string Type) : AIStoreFault;

    /// <summary>Runs code of the test's, then answers well.</summary>
    public sealed record Before(Func<Task> Code) : AIStoreFault;

    /// <summary>Ends a batch after some entries, as a well-formed archive.</summary>
    public sealed record ShortBatch(int Entries) : AIStoreFault;
}
