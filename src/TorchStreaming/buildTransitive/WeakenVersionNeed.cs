// SPDX-License-Identifier: MIT

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies an ELF file and marks one of its version needs weak, if no relocation of the file refers to a symbol of that version.
/// What the file loads and calls stays the same; the dynamic loader no longer insists on a version that nothing uses.</summary>
/// <remarks>Compiled by MSBuild while a program is built (TorchStreaming.targets): C# without a project, on .NET Standard 2.0.</remarks>
public sealed class WeakenVersionNeed : Task
{
    private const uint DynamicSymbols = 11;
    private const uint RelocationsWithAddend = 4;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const ushort WeakFlag = 2;

    private byte[] _file;

    /// <summary>Gets or sets the file to copy, a 64-bit little-endian ELF file.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>Gets or sets the copy's path.</summary>
    [Required]
    public string Destination { get; set; }

    /// <summary>Gets or sets the version's name, as <c>readelf -V</c> shows it.</summary>
    [Required]
    public string Version { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        _file = File.ReadAllBytes(Source);
        var isElf = _file.Length > 64 && BitConverter.ToUInt32(_file, 0) == 0x464c457f && _file[4] == 2 && _file[5] == 1;
        foreach (var need in isElf ? FindNeeds() : new List<int>())
        {
            var version = UInt16(need + 6);
            if (IsUsed(version))
            {
                Log.LogMessage(MessageImportance.High, "'{0}' uses symbols of {1} and is left as it is.", Source, Version);
            }
            else
            {
                _file[need + 4] |= (byte)WeakFlag;
                Log.LogMessage("The need for {0} in '{1}' is weak in '{2}'.", Version, Source, Destination);
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Destination));

        // A new file, never new bytes in the old one: outputs link to it, and a program that runs may have it mapped.
        File.Delete(Destination);
        File.WriteAllBytes(Destination, _file);
        return !Log.HasLoggedErrors;
    }

    // Where the entries of the version are: Elf64_Vernaux is hash (4), flags (2), the version's number among the file's symbols (2),
    // its name (4) and the way to the next (4).
    private List<int> FindNeeds()
    {
        var found = new List<int>();
        foreach (var section in Sections(VersionNeeds))
        {
            var names = Section((int)UInt32(section + 40));
            var need = Offset(section);
            for (var left = UInt32(section + 44); left > 0; left--)
            {
                var entry = need + (int)UInt32(need + 8);
                for (var entries = UInt16(need + 2); entries > 0; entries--)
                {
                    if (Text(Offset(names) + (int)UInt32(entry + 8)) == Version)
                    {
                        found.Add(entry);
                    }

                    entry += (int)UInt32(entry + 12);
                }

                need += (int)UInt32(need + 12);
            }
        }

        return found;
    }

    // A relocation's upper 32 bits of info are the number of its symbol, and the table of symbol versions has two bytes a symbol.
    private bool IsUsed(ushort version)
    {
        foreach (var versions in Sections(SymbolVersions))
        {
            foreach (var relocations in Sections(RelocationsWithAddend))
            {
                // Relocations of other symbol tables, of debug sections for example, are not the loader's.
                if (UInt32(Section((int)UInt32(relocations + 40)) + 4) != DynamicSymbols)
                {
                    continue;
                }

                for (var at = Offset(relocations); at < Offset(relocations) + Size(relocations); at += 24)
                {
                    if ((UInt16(Offset(versions) + (2 * (int)UInt32(at + 12))) & 0x7fff) == version)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private IEnumerable<int> Sections(uint type)
    {
        for (var number = 0; number < UInt16(60); number++)
        {
            if (UInt32(Section(number) + 4) == type)
            {
                yield return Section(number);
            }
        }
    }

    private int Section(int number) => checked((int)BitConverter.ToUInt64(_file, 40)) + (number * UInt16(58));

    private int Offset(int section) => checked((int)BitConverter.ToUInt64(_file, section + 24));

    private int Size(int section) => checked((int)BitConverter.ToUInt64(_file, section + 32));

    private ushort UInt16(int at) => BitConverter.ToUInt16(_file, at);

    private uint UInt32(int at) => BitConverter.ToUInt32(_file, at);

    private string Text(int at) => Encoding.ASCII.GetString(_file, at, Array.IndexOf(_file, (byte)0, at) - at);
}
