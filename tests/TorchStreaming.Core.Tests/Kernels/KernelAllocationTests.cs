// SPDX-License-Identifier: MIT

using System.Reflection;
using BenchmarkDotNet.Attributes;
using TorchStreaming.Benchmarks.Kernels;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Kernels;

/// <summary>Every kernel that the benchmarks measure allocates no more than it says, which for most is nothing.</summary>
public sealed class KernelAllocationTests
{
    /// <summary>As many as a kernel has different inputs, so that every repetition sees all of them.</summary>
    private const int Runs = 64;

    private static readonly Type[] OfTurboJpeg = [typeof(JpegKernels), typeof(JpegChainKernels)];

    public static TheoryData<Type> Classes => [.. KernelClasses.Except(OfTurboJpeg)];

    private static IEnumerable<Type> KernelClasses => typeof(AllocatesAttribute).Assembly.GetTypes()
        .Where(static type => !type.IsAbstract && type.Namespace == typeof(AllocatesAttribute).Namespace && KernelsOf(type).Any());

    [Theory]
    [MemberData(nameof(Classes))]
    public void Kernels_AfterTheFirstRuns_AllocateNoMoreThanTheySay(Type type) => AssertBounds(type);

    [TurboJpegFact]
    public void JpegKernels_AfterTheFirstRuns_AllocateNoMoreThanTheySay() => Assert.All(OfTurboJpeg, AssertBounds);

    private static IEnumerable<MethodInfo> KernelsOf(Type type) =>
        type.GetMethods().Where(static method => method.IsDefined(typeof(BenchmarkAttribute)));

    private static void AssertBounds(Type type)
    {
        var parameter = type.GetProperties().SingleOrDefault(static property => property.IsDefined(typeof(ParamsSourceAttribute)));
        foreach (var value in parameter is null ? [null] : ValuesOf(type, parameter))
        {
            var instance = Activator.CreateInstance(type)!;
            parameter?.SetValue(instance, value);
            CallAll<GlobalSetupAttribute>(instance);
            foreach (var kernel in KernelsOf(type))
            {
                var most = kernel.GetCustomAttribute<AllocatesAttribute>()?.Bytes ?? 0;
                var allocated = Measure(kernel.CreateDelegate<Action>(instance));
                Assert.True(allocated <= Runs * most, $"{type.Name}.{kernel.Name} {value}: {allocated} bytes in {Runs} runs, not {most} in each at most.");
            }

            CallAll<GlobalCleanupAttribute>(instance);
        }
    }

    private static IEnumerable<object?> ValuesOf(Type type, PropertyInfo parameter)
    {
        var source = parameter.GetCustomAttribute<ParamsSourceAttribute>()!.Name;
        return ((System.Collections.IEnumerable)type.GetProperty(source)!.GetValue(null)!).Cast<object?>();
    }

    private static void CallAll<TAttribute>(object instance)
        where TAttribute : Attribute
    {
        foreach (var method in instance.GetType().GetMethods().Where(static method => method.IsDefined(typeof(TAttribute))))
        {
            method.Invoke(instance, null);
        }
    }

    private static long Measure(Action kernel)
    {
        Repeat();
        return ThreadAllocations.LeastOf(Repeat);

        void Repeat()
        {
            for (var run = 0; run < Runs; run++)
            {
                kernel();
            }
        }
    }
}
