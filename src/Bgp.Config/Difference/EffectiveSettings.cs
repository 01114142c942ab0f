namespace Bgp.Config;

/// <summary>
/// A neighbor's settings as they take effect, in one form whatever way the file says them: <c>internal</c> is our AS number, what a family does not say is the
/// neighbor's, a key is a key wherever it is kept. Two ways to say the same thing are then no difference.
/// </summary>
internal static class EffectiveSettings
{
    public static Neighbor Of(Neighbor neighbor, RouterSettings router)
    {
        var settings = neighbor.Settings;
        return neighbor with
        {
            Settings = settings with
            {
                Asn = settings.Asn == RemoteAs.Internal ? RemoteAs.Of(router.Asn) : settings.Asn,
                LocalAsn = ConfederationMapping.LocalAsn(settings, router),
                Password = settings.EffectivePassword,
                PasswordFile = null,
                Families = neighbor.Families.Select(family => family with
                {
                    MaxPrefixes = family.MaxPrefixes ?? settings.MaxPrefixes,
                    AddPaths = family.AddPaths ?? settings.AddPaths,
                    ImportPolicy = family.ImportPolicy ?? settings.ImportPolicy,
                    ExportPolicy = family.ExportPolicy ?? settings.ExportPolicy,
                }).ToEquatableArray(),
                MaxPrefixes = PeerTable.Table.Defaults.MaxPrefixes,
                AddPaths = PeerTable.Table.Defaults.AddPaths,
                ImportPolicy = [],
                ExportPolicy = [],
            },
        };
    }

    /// <summary>The fields of the file that are behind a difference of effective settings.</summary>
    /// <param name="change">With the path of the effective field.</param>
    /// <param name="running">The neighbor as the running file says it.</param>
    /// <param name="wanted">The same in the wanted file.</param>
    public static FieldChange AsWritten(FieldChange change, Neighbor running, Neighbor wanted)
    {
        var (before, after) = (running.Settings, wanted.Settings);
        return change.Field switch
        {
            "asn" when before.Asn == after.Asn => change with { Field = "router.asn" },
            "localAsn" when before.LocalAsn == after.LocalAsn => change with { Field = "router.asn" },
            "password" when before.Password is null && after.Password is null => change with { Field = "passwordFile" },
            _ => change with { Field = Inherited(change.Field, before, after) ?? change.Field },
        };
    }

    /// <summary><c>families.F.FIELD</c> → <c>FIELD</c> where the family itself says the same as before: then the neighbor's field changed. Else <c>null</c>.</summary>
    private static string? Inherited(string path, PeerSettings before, PeerSettings after)
    {
        var parts = path.Split('.', 3);
        return parts.Length == 3 && SaysOf(before, parts[1]) == SaysOf(after, parts[1]) ? parts[2] : null;
    }

    private static FamilySettings? SaysOf(PeerSettings settings, string family)
    {
        var said = settings.Families?.Items.FirstOrDefault(candidate => string.Equals(candidate.Family.ToString(), family, StringComparison.Ordinal));
        return said is not null && said == new FamilySettings(said.Family) ? null : said;
    }
}
