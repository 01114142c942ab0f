namespace Bgp.Config;

/// <summary>One thing wrong in a router file: where (1-based line and column), in which field, what, and what would be right.</summary>
/// <param name="File">The file's name as it was given.</param>
/// <param name="Line">1-based; 0 where the file as a whole is at fault.</param>
/// <param name="Column">1-based, in characters; 0 with line 0.</param>
/// <param name="Path">The field, such as <c>neighbors[1].holdTime</c>; empty where the text is not even YAML.</param>
/// <param name="Message">What is wrong, and what would be right; never a secret.</param>
public sealed record ConfigFault(string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>FILE:LINE:COL: PATH.TO.FIELD: what is wrong, and what would be right</c>; without a line where the file as a whole is at fault.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? File : $"{File}:{Line}:{Column}";
        return Path.Length == 0 ? $"{place}: {Message}" : $"{place}: {Path}: {Message}";
    }
}
