namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Turns the records of one table layout into rows.</summary>
internal interface IRowInterpreter
{
    RowVerdict Interpret(IReadOnlyList<string> fields);
}
