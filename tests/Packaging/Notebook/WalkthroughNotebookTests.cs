// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Packaging.Tests;

/// <summary>The notebook of the examples, run cell by cell by the kernel that users have, with the packages of this checkout.</summary>
[Collection(PackedCollection.Name)]
public sealed class WalkthroughNotebookTests(PackedFeed feed)
{
    /// <summary>Where this variable is set, the outputs of the run are written into the notebook.</summary>
    private const string RecordVariable = "TORCHSTREAMING_RECORD_NOTEBOOK";

    /// <summary>How every view of ours begins.</summary>
    private const string Title = "<p><b>";

    [KernelFact]
    public async Task Walkthrough_InTheKernel_RunsAndShowsOurValuesAsHtml()
    {
        var notebook = new NotebookFile(Path.Combine(RepositoryRoot.Path, "examples", "walkthrough.ipynb"));
        var cells = notebook.Cells;
        using var kernel = NotebookKernel.Start(feed);
        for (var i = 0; i < cells.Count; i++)
        {
            var outputs = await kernel.RunAsync(cells[i]);
            var shown = cells[i].Split("display(").Length - 1;
            Assert.Equal(shown, outputs.Count(static output => output.MimeType == "text/html" && output.Text.StartsWith(Title, StringComparison.Ordinal)));

            // What the kernel says of packages names folders of the machine.
            notebook.Record(i, cells[i].StartsWith("#r", StringComparison.Ordinal) ? [] : outputs);
        }

        Assert.StartsWith(Title + "60 samples", Assert.Single(await kernel.RunAsync("dataset")).Text, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable(RecordVariable) is { Length: > 0 })
        {
            notebook.Save();
        }
    }
}
