namespace Bgp.Linux;

/// <summary>A system call that the kernel refused: what was tried, and the error by name and in words.</summary>
public class LinuxException : Exception
{
    public LinuxException(string operation, Errno errno)
        : this(operation, errno, null)
    {
    }

    protected LinuxException(string operation, Errno errno, string? detail)
        : base(detail is null ? $"{operation}: {errno.Describe()} ({errno})" : $"{operation}: {errno.Describe()} ({errno}): {detail}")
    {
        Operation = operation;
        Errno = errno;
    }

    /// <summary>What was tried, for a person: <c>open /run/netns/a</c>.</summary>
    public string Operation { get; }

    public Errno Errno { get; }

    /// <summary>Throws for the last system call of this thread where <paramref name="result"/> says that it failed.</summary>
    internal static void ThrowIfFailed(long result, string operation)
    {
        if (result < 0)
        {
            throw new LinuxException(operation, Libc.LastError);
        }
    }
}
