namespace Bgp.Config;

/// <summary>A TCP MD5 key kept in a file, as read when the configuration was loaded.</summary>
public sealed record PasswordFile(string Path, Secret Key);
