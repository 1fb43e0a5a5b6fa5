// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>How a <see cref="ScriptedHttpServer"/> answers one request instead of well.</summary>
public abstract record HttpFault
{
    private HttpFault()
    {
    }

    /// <summary>Answers with a status and no content.</summary>
    public sealed record Status(int Code, int? RetryAfterSeconds = null) : HttpFault;

    /// <summary>Sends the client elsewhere.</summary>
    public sealed record Redirect(string Location, int Code = 302) : HttpFault;

    /// <summary>Closes the connection after some bytes of the body.</summary>
    public sealed record BreakAfter(int Bytes) : HttpFault;

    /// <summary>Resets the connection before the answer.</summary>
    public sealed record Reset : HttpFault;

    /// <summary>Sends some bytes of the body and then nothing, until the client goes away.</summary>
    public sealed record StallAfter(int Bytes) : HttpFault;

    /// <summary>Sends the body with one wrong byte.</summary>
    public sealed record FlipByte(int Offset) : HttpFault;

    /// <summary>Sends other bytes than the asked ones.</summary>
    public sealed record WrongRange : HttpFault;

    /// <summary>Sends fewer or more bytes than the object has, and says so as if it were right.</summary>
    public sealed record WrongLength(int Difference) : HttpFault;

    /// <summary>Closes the connection after some bytes of the body, and serves the same bytes under a new tag from then on.</summary>
    public sealed record ChangeTagAfter(int Bytes) : HttpFault;

    /// <summary>Serves the same bytes under a new tag, which no other answer with this fault has.</summary>
    public sealed record ChangeTag : HttpFault;

    /// <summary>Answers well.</summary>
    public sealed record None : HttpFault;
}
