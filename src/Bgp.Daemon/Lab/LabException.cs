namespace Bgp.Daemon;

/// <summary>A lab that could not be built or did not come up; the message is for the user.</summary>
internal sealed class LabException(string message, Exception? cause = null) : Exception(message, cause);
