// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Storage;

public sealed class HttpCredentialTests
{
    [Theory]
    [InlineData("token", null, null, "Bearer token")]
    [InlineData("token", "user", "password", "Bearer token")]
    [InlineData(null, "user", "password", "Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("", "user", null, "Basic dXNlcjo=")]
    [InlineData(null, null, "password", null)]
    public void FromVariables_Environment_GivesTokenThenUser(string? token, string? user, string? password, string? expected)
    {
        var variables = new Dictionary<string, string?>
        {
            [HttpCredential.BearerTokenVariable] = token,
            [HttpCredential.UserNameVariable] = user,
            [HttpCredential.PasswordVariable] = password,
        };

        Assert.Equal(expected, HttpCredential.FromVariables(variables.GetValueOrDefault)?.Header.ToString());
    }

    [Fact]
    public void ToString_Credential_HidesIt() => Assert.Equal("Bearer (hidden)", HttpCredential.Bearer("secret").ToString());

    [Fact]
    public void Bearer_LineBreak_IsArgumentError() => Assert.Throws<ArgumentException>(() => HttpCredential.Bearer("a\r\nX: y"));

    [Fact]
    public void Basic_UserNameWithColon_IsArgumentError() => Assert.Throws<ArgumentException>(() => HttpCredential.Basic("a:b", "c"));
}
