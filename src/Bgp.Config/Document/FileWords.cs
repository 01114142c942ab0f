namespace Bgp.Config;

/// <summary>Why a file could not be read, in a user's words.</summary>
public static class FileWords
{
    /// <param name="path">The file's name.</param>
    /// <param name="failure">What reading it threw.</param>
    public static string WhyUnread(string path, Exception failure) =>
        failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
        : Directory.Exists(path) ? "is a folder; a file is needed"
        : failure is UnauthorizedAccessException ? "may not be read: permission denied"
        : $"cannot be read: {failure.Message.TrimEnd('.')}";
}
