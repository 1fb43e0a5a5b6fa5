// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>The dataset that a command looks into.</summary>
internal sealed class LocationArgument : Argument<string>
{
    /// <summary>Creates the argument.</summary>
    public LocationArgument()
        : base("location")
    {
        Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("The location is empty: name a folder or a URL.");
            }
        });
        Description = "The folder or URL that holds index.json, or tars, as in /data/train-{000..146}.tar.";
    }
}
