// SPDX-License-Identifier: MIT

using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TorchStreaming.Shards;

/// <summary>Writes .NET values as JSON text of Python. Arrays become nested lists, as upstream makes of NumPy arrays.</summary>
internal static class PythonJsonValues
{
    /// <summary>Writes a value.</summary>
    /// <exception cref="ArgumentException">A value has a type that JSON does not have.</exception>
    public static void Write(object? value, PythonJsonWriter json)
    {
        switch (value)
        {
            case null: json.Null(); break;
            case bool flag: json.Boolean(flag); break;
            case string text: json.String(text); break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.Integer(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number: json.Integer(new BigInteger(number)); break;
            case BigInteger number: json.Integer(number); break;
            case Half number: json.Double((double)number); break;
            case float number: json.Double(number); break;
            case double number: json.Double(number); break;
            case JsonElement element: WriteElement(element, json); break;
            case JsonNode node: WriteNode(node, json); break;
            case NdArray array: WriteArray(array, json); break;
            case IReadOnlyDictionary<string, object?> map: WriteMap(map, json); break;
            case IDictionary<string, object?> map: WriteMap(map, json); break;
            case IEnumerable list: WriteList(list, json); break;
            default: throw new ArgumentException($"JSON has no values like {value.GetType().Name}.", nameof(value));
        }
    }

    private static void WriteNode(JsonNode node, PythonJsonWriter json)
    {
        switch (node)
        {
            case JsonObject map: WriteMap(map, json); break;
            case JsonArray list: WriteList(list, json); break;
            default: WriteScalar(node.AsValue(), json); break;
        }
    }

    private static void WriteScalar(JsonValue value, PythonJsonWriter json)
    {
        if (value.TryGetValue<JsonElement>(out var element))
        {
            WriteElement(element, json);
        }
        else if (value.TryGetValue<string>(out var text))
        {
            json.String(text);
        }
        else if (value.TryGetValue<bool>(out var flag))
        {
            json.Boolean(flag);
        }
        else if (value.TryGetValue<double>(out var number))
        {
            json.Double(number);
        }
        else if (value.TryGetValue<float>(out var single))
        {
            json.Double(single);
        }
        else
        {
            WriteNumber(value.ToJsonString(), json);
        }
    }

    private static void WriteElement(JsonElement element, PythonJsonWriter json)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMap(element.EnumerateObject().Select(static member => KeyValuePair.Create(member.Name, (object?)member.Value)), json);
                break;
            case JsonValueKind.Array: WriteList(element.EnumerateArray(), json); break;
            case JsonValueKind.String: json.String(element.GetString()); break;
            case JsonValueKind.Number: WriteNumber(element.GetRawText(), json); break;
            case JsonValueKind.True or JsonValueKind.False: json.Boolean(element.GetBoolean()); break;
            default: json.Null(); break;
        }
    }

    /// <summary>Writes a number from JSON text: a whole number of any size if it has neither point nor exponent, else a double.</summary>
    private static void WriteNumber(string text, PythonJsonWriter json)
    {
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            json.Double(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }
        else
        {
            json.Integer(BigInteger.Parse(text, CultureInfo.InvariantCulture));
        }
    }

    private static void WriteMap<T>(IEnumerable<KeyValuePair<string, T>> map, PythonJsonWriter json)
    {
        json.Raw("{"u8);
        var first = true;
        foreach (var (name, value) in map)
        {
            json.Raw(first ? ""u8 : ", "u8);
            json.Name(name);
            Write(value, json);
            first = false;
        }

        json.Raw("}"u8);
    }

    private static void WriteList(IEnumerable list, PythonJsonWriter json)
    {
        json.Raw("["u8);
        var first = true;
        foreach (var value in list)
        {
            json.Raw(first ? ""u8 : ", "u8);
            Write(value, json);
            first = false;
        }

        json.Raw("]"u8);
    }

    private static void WriteArray(NdArray array, PythonJsonWriter json)
    {
        var next = 0;
        WriteDimension(array, 0, ref next, json);
    }

    private static void WriteDimension(NdArray array, int dimension, ref int next, PythonJsonWriter json)
    {
        if (dimension == array.Shape.Length)
        {
            WriteElement(array, next++, json);
            return;
        }

        json.Raw("["u8);
        for (var i = 0L; i < array.Shape[dimension]; i++)
        {
            json.Raw(i == 0 ? ""u8 : ", "u8);
            WriteDimension(array, dimension + 1, ref next, json);
        }

        json.Raw("]"u8);
    }

    private static void WriteElement(NdArray array, int index, PythonJsonWriter json)
    {
        switch (array.DType)
        {
            case NdArrayDType.UInt8: json.Integer(array.AsSpan<byte>()[index]); break;
            case NdArrayDType.Int8: json.Integer(array.AsSpan<sbyte>()[index]); break;
            case NdArrayDType.UInt16: json.Integer(array.AsSpan<ushort>()[index]); break;
            case NdArrayDType.Int16: json.Integer(array.AsSpan<short>()[index]); break;
            case NdArrayDType.Float16: json.Double((double)array.AsSpan<Half>()[index]); break;
            case NdArrayDType.UInt32: json.Integer(array.AsSpan<uint>()[index]); break;
            case NdArrayDType.Int32: json.Integer(array.AsSpan<int>()[index]); break;
            case NdArrayDType.Float32: json.Double(array.AsSpan<float>()[index]); break;
            case NdArrayDType.UInt64: json.Integer(new BigInteger(array.AsSpan<ulong>()[index])); break;
            case NdArrayDType.Int64: json.Integer(array.AsSpan<long>()[index]); break;
            default: json.Double(array.AsSpan<double>()[index]); break;
        }
    }
}
