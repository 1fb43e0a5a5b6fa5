// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Text.RegularExpressions;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The page of upstream's arguments names all of them and all of our options, and what it says is here is here.</summary>
public sealed partial class ParityTests
{
    private const string Page = "docs/parity.md";

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Upstream's arguments: of MosaicML Streaming 0.14.0.dev0, PyTorch's DataLoader, Composer of 2022 and aistore.pytorch.</summary>
    private static readonly string[] Upstream =
    [
        // StreamingDataset and Stream.
        "streams", "remote", "local", "split", "download_retry", "download_timeout", "validate_hash", "keep_zip", "epoch_size", "predownload",
        "cache_limit", "sampling_method", "sampling_granularity", "partition_algo", "num_canonical_nodes", "batch_size", "shuffle", "shuffle_algo",
        "shuffle_seed", "shuffle_block_size", "batching_method", "allow_unsafe_types", "replication", "stream_name", "stream_config", "proportion",
        "repeat", "choose",

        // StreamingDataLoader.
        "dataset", "sampler", "batch_sampler", "num_workers", "collate_fn", "pin_memory", "pin_memory_device", "drop_last", "timeout", "worker_init_fn",
        "multiprocessing_context", "generator", "prefetch_factor", "persistent_workers", "in_order", "state_dict", "load_state_dict",

        // Writers.
        "out", "columns", "newline", "separator", "keep_local", "compression", "hashes", "size_limit", "max_workers", "retry", "exist_ok", "progress_bar",
        "extra_bytes_per_shard", "extra_bytes_per_sample",

        // Dataset classes.
        "transforms", "transform", "target_transform", "joint_transform", "tokenizer_name", "max_seq_len", "group_method", "extra_local", "extra_remote",

        // Composer.
        "dirname", "fields", "shard_size_limit", "use_tqdm", "total", "decoders", "max_retries",

        // AIStore.
        "ais_source_list", "bucket_list", "data_sources", "prefix_map", "etl_name", "show_progress", "partition_sources_by_worker", "client",
        "max_batch_size", "output_format", "streaming", "colocation", "client_url", "bucket_name", "provider", "prefix", "data_source",
        "allow_oversized_samples", "saturation_factor",
    ];

    private static readonly string[] Codes = [.. Markdown.Lines(Page).SelectMany(static line => Code().Matches(line)).Select(static match => match.Groups[1].Value)];

    private static readonly HashSet<string> Words = [.. Codes.SelectMany(static code => Word().Matches(code)).Select(static match => match.Value)];

    /// <summary>Gets the options of the engine's mirrored classes, and all of those of the TorchSharp classes.</summary>
    public static TheoryData<Type> Options =>
    [
        typeof(StreamingDatasetOptions), typeof(DataStream), typeof(BatchLoaderOptions), typeof(DatasetWriterOptions), typeof(LegacyStreamingDatasetOptions),
        typeof(AISStreamOptions),
        .. typeof(StreamingDataLoader).Assembly.GetExportedTypes().Where(static type => type.Name.EndsWith("Options", StringComparison.Ordinal)),
    ];

    [Fact]
    public void UpstreamArguments_AreAllOnThePage() => Assert.Empty(Upstream.Except(Words));

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_OfAType_AreAllOnThePage(Type type)
        => Assert.Empty(type.GetProperties(Declared).Where(static property => property.SetMethod is not null).Select(static property => property.Name).Except(Words));

    private static readonly Type[] Types =
        [.. typeof(StreamingDataset).Assembly.GetExportedTypes(), .. typeof(StreamingDataLoader).Assembly.GetExportedTypes(),
            .. typeof(Storage.AISClient).Assembly.GetExportedTypes(), .. typeof(Conversion.RawConverter).Assembly.GetExportedTypes()];

    [Fact]
    public void Arguments_OfTheDatasetClassesAndTheLoader_AreAllOnThePage()
    {
        var arguments = Types.Where(static type => type.Namespace == "TorchStreaming" && !type.IsAbstract && Mirrors().IsMatch(type.Name))
            .SelectMany(static type => type.GetConstructors()).SelectMany(static constructor => constructor.GetParameters())
            .Select(static parameter => parameter.Name!).Distinct().ToArray();

        // Options have a test of their own. Where an argument carries the name of an option, or of upstream's argument, it is named by that.
        var missing = arguments.Where(static name => name != "options" && !Words.Contains(name) && !Words.Contains(char.ToUpperInvariant(name[0]) + name[1..]) && !Words.Contains(InSnakeCase(name)));

        Assert.Contains("numWorkers", arguments);
        Assert.Empty(missing);
    }

    [Fact]
    public void Names_InTheColumnOfWhatIsHere_AreThoseOfPublicTypesOrMembers()
    {
        var known = Types.Select(static type => type.Name.Split('`')[0])
            .Concat(Types.SelectMany(static type => type.GetMembers(Declared)).Select(static member => member.Name)).ToHashSet();
        var here = Markdown.Lines(Page).Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Select(static line => line.Split(" | ")[1])
            .SelectMany(static cell => Code().Matches(cell)).SelectMany(static match => Pascal().Matches(match.Groups[1].Value)).Select(static match => match.Value).ToArray();

        Assert.Contains("StreamingMapDataset", known);
        Assert.Empty(here.Except(known));
    }

    private static string InSnakeCase(string name) => Capital().Replace(name, static match => "_" + match.Value.ToLowerInvariant());

    [GeneratedRegex(@"\b[A-Z][a-zA-Z0-9]+\b")]
    private static partial Regex Pascal();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex("^(Streaming|AIS|LegacyStreaming).*(Dataset|Loader|Reader|Stream|ImageNet|CIFAR10|ADE20K|COCO|C4|EnWiki|Pile|WebVid)$")]
    private static partial Regex Mirrors();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
