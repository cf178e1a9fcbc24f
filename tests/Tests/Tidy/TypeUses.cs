using System.Reflection;
using System.Reflection.Emit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>
/// Which types a compiled type speaks of: its parents, members, signatures, and what its method bodies name.
/// </summary>
public static class TypeUses
{
    const BindingFlags All =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static;

    static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var uses = new HashSet<Type>();
        Add(uses, type.BaseType);
        foreach (var one in type.GetInterfaces()) Add(uses, one);
        foreach (var field in type.GetFields(All)) Add(uses, field.FieldType);
        foreach (var property in type.GetProperties(All)) Add(uses, property.PropertyType);
        var methods = type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All));
        foreach (var method in methods) AddMethod(uses, method);
        return uses;
    }

    static void AddMethod(HashSet<Type> uses, MethodBase method)
    {
        if (method is MethodInfo returning) Add(uses, returning.ReturnType);
        foreach (var parameter in method.GetParameters()) Add(uses, parameter.ParameterType);
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Add(uses, local.LocalType);
        foreach (var token in Tokens(body.GetILAsByteArray()!)) AddToken(uses, method, token);
    }

    static void AddToken(HashSet<Type> uses, MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var member = method.Module.ResolveMember(token, ofType, ofMethod);
        Add(uses, member as Type ?? member?.DeclaringType);
        if (member is MethodInfo called)
        {
            Add(uses, called.ReturnType);
            if (called.IsGenericMethod)
                foreach (var argument in called.GetGenericArguments()) Add(uses, argument);
        }

        if (member is FieldInfo field) Add(uses, field.FieldType);
    }

    static void Add(HashSet<Type> uses, Type? type)
    {
        if (type is null || type.IsGenericParameter) return;
        if (type.HasElementType) Add(uses, type.GetElementType());
        else if (uses.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type) && type.IsGenericType)
            foreach (var argument in type.GetGenericArguments()) Add(uses, argument);
        else if (type.IsGenericType)
            foreach (var argument in type.GetGenericArguments().Where(a => !uses.Contains(a))) Add(uses, argument);
    }

    /// <summary>The metadata tokens of types, fields and methods in a method body.</summary>
    static IEnumerable<int> Tokens(byte[] il)
    {
        var at = 0;
        while (at < il.Length)
        {
            short value = il[at++];
            if (value == 0xFE) value = unchecked((short)(0xFE00 | il[at++]));
            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
                yield return BitConverter.ToInt32(il, at);
            at += SizeOf(operand, il, at);
        }
    }

    static int SizeOf(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };
}
