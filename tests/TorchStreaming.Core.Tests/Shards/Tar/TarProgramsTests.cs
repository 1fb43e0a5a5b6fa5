// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Tar;

/// <summary>What other programs write is read.</summary>
public sealed class TarProgramsTests : IDisposable
{
    private static readonly string[] Names =
        ["plain.txt", "ünï cødé.txt", $"{new string('d', 90)}/{new string('e', 90)}/ends.txt", $"{new string('f', 180)}.txt"];

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramFact("tar")]
    public async Task MoveNext_TarsOfGnuTar_GivesWhatWentIn()
    {
        foreach (var format in new[] { "gnu", "pax", "ustar", "v7" })
        {
            var names = Names.Take(format is "v7" ? 1 : format is "ustar" ? 3 : 4).ToArray();
            WriteFiles(names);
            ProgramRun.Run(_folder.Path, "tar", ["--format", format, "-cf", "a.tar", "in"]);

            await AssertReadsAsync(names);
        }
    }

    [ProgramFact("python3")]
    public async Task MoveNext_TarsOfPython_GivesWhatWentIn()
    {
        foreach (var format in new[] { "GNU_FORMAT", "PAX_FORMAT", "USTAR_FORMAT" })
        {
            var names = Names.Take(format == "USTAR_FORMAT" ? 3 : 4).ToArray();
            WriteFiles(names);
            ProgramRun.Run(
                _folder.Path,
                "python3",
                "-c",
                $"import tarfile\nwith tarfile.open('a.tar', 'w', format=tarfile.{format}) as t: t.add('in')");

            await AssertReadsAsync(names);
        }
    }

    [ProgramFact("tar")]
    public void MoveNext_SparseFileOfGnuTar_IsRefused()
    {
        using (var file = File.Create(_folder.Combine("holes")))
        {
            file.SetLength(1 << 22);
            file.Position = 1 << 20;
            file.WriteByte(1);
        }

        foreach (var format in new[] { "gnu", "pax" })
        {
            ProgramRun.Run(_folder.Path, "tar", ["--format", format, "--sparse", "-cf", "a.tar", "holes"]);
            var failure = Assert.Throws<ShardFormatException>(() => TarContents.ReadFile(_folder.Combine("a.tar")));
            Assert.Contains("sparse", failure.Message, StringComparison.Ordinal);
        }
    }

    private void WriteFiles(string[] names)
    {
        Directory.CreateDirectory(_folder.Combine("in"));
        foreach (var name in names)
        {
            var path = _folder.Combine("in", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name, Encoding.Latin1);
        }

        File.Delete(_folder.Combine("in", "link"));
        File.CreateSymbolicLink(_folder.Combine("in", "link"), "plain.txt");
    }

    private async Task AssertReadsAsync(string[] names)
    {
        var path = _folder.Combine("a.tar");
        var expected = names.Select(static name => ($"in/{name}", Encoding.Latin1.GetString(Encoding.Latin1.GetBytes(name)))).Order().ToList();
        foreach (var members in new[] { TarContents.ReadFile(path), await TarContents.ReadStreamAsync(File.OpenRead(path), path) })
        {
            var files = members.Where(static member => member.Kind == TarMemberKind.File);
            Assert.Equal(expected, files.Select(static member => (member.Name, member.Content)).Order().ToList());
            Assert.Contains(members, static member => member is { Kind: TarMemberKind.Link, Name: "in/link" });
        }

        Directory.Delete(_folder.Combine("in"), recursive: true);
    }
}
