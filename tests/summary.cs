#:property PublishAot=false
// Reads what tests/run left in its results directory and prints what failed, what was skipped, and the count.
//
// In: `checks`, a line "NAME EXIT-CODE" per check; for a test project also NAME/NAME.trx (the results) and NAME.log (the
// output). Out: the last line "N passed, N failed"; exit code 0, or 3 when anything failed or nothing ran (1 is what the
// compiler of this file ends with). Crash, hang, no results and no tests count as a failure of the project. Tests alone
// count as passed.

using System.Globalization;
using System.Xml;
using System.Xml.Linq;

var results = args[0];
int passed = 0, failed = 0;
foreach (var line in File.ReadLines(Path.Combine(results, "checks")))
{
    var separator = line.LastIndexOf(' ');
    var name = line[..separator];
    var exitCode = int.Parse(line[(separator + 1)..], CultureInfo.InvariantCulture);
    if (name.EndsWith(".Tests", StringComparison.Ordinal))
    {
        CountProject(name, exitCode);
    }
    else if (exitCode != 0)
    {
        Fail(name, $"exit code {exitCode}", showLog: true);
    }
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 && passed > 0 ? 0 : 3;

void CountProject(string name, int exitCode)
{
    var path = Path.Combine(results, name, name + ".trx");
    XDocument trx;
    try
    {
        trx = XDocument.Load(path);
    }
    catch (Exception e) when (e is IOException or XmlException)
    {
        Fail(name, $"no results (exit code {exitCode}): {e.Message}", showLog: true);
        return;
    }

    int passedBefore = passed, failedBefore = failed;
    foreach (var result in trx.Descendants().Where(element => element.Name.LocalName == "UnitTestResult"))
    {
        CountTest(name, result);
    }

    // "Error" says that the host broke (crash, hang) or that something outside a test did, as a fixture's tear-down.
    var error = trx.Descendants().Where(element => element.Name.LocalName == "RunInfo")
        .Where(info => (string?)info.Attribute("outcome") == "Error")
        .Select(info => info.Value.Trim().Split('\n')[0]).FirstOrDefault();
    if (error is not null && (failed == failedBefore || error.Contains("aborted", StringComparison.Ordinal)))
    {
        Fail(name, error, showLog: true);
    }
    else if (exitCode != 0 && failed == failedBefore)
    {
        Fail(name, $"exit code {exitCode} without a failing test", showLog: true);
    }
    else if (passed == passedBefore && failed == failedBefore)
    {
        Fail(name, "no test ran", showLog: false);
    }
}

void CountTest(string project, XElement result)
{
    var name = $"{project}: {(string?)result.Attribute("testName")}";
    switch ((string?)result.Attribute("outcome"))
    {
        case "Passed":
            passed++;
            break;
        case "NotExecuted":
            Console.WriteLine($"SKIPPED {name}: {Text(result, "Message") ?? Text(result, "StdOut") ?? "no reason given"}");
            break;
        default:
            Fail(name, $"{Text(result, "Message")}\n{Text(result, "StackTrace")}", showLog: false);
            break;
    }
}

static string? Text(XElement result, string name) =>
    result.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();

void Fail(string name, string reason, bool showLog)
{
    failed++;
    Console.WriteLine($"FAILED {name}: {reason.Trim()}");
    var log = Path.Combine(results, name + ".log");
    if (showLog && File.Exists(log))
    {
        foreach (var line in File.ReadLines(log).TakeLast(40))
        {
            Console.WriteLine("    " + line);
        }
    }
}
