using System.Text.Json;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>Puts an array of routes, of the tables or of the kernel's, in the order of their prefixes, the best path of each first. The daemon sends them as they lie in its tables.</summary>
internal static class RouteOrder
{
    /// <param name="body">A JSON array of objects that begin with <c>"prefix"</c>.</param>
    /// <returns>The same elements, a line each.</returns>
    public static byte[] Sort(byte[] body)
    {
        var routes = Read(body);
        routes.Sort(static (left, right) =>
        {
            var byPrefix = left.Prefix.CompareTo(right.Prefix);
            return byPrefix != 0 ? byPrefix : left.IsBest != right.IsBest ? right.IsBest.CompareTo(left.IsBest) : left.Begin.CompareTo(right.Begin);
        });
        var sorted = new MemoryStream(body.Length + routes.Count);
        sorted.Write("["u8);
        for (var i = 0; i < routes.Count; i++)
        {
            sorted.Write(i == 0 ? "\n"u8 : ",\n"u8);
            sorted.Write(body.AsSpan(routes[i].Begin, routes[i].Length));
        }

        sorted.Write(routes.Count == 0 ? "]"u8 : "\n]"u8);
        return sorted.ToArray();
    }

    private static List<Element> Read(byte[] body)
    {
        var routes = new List<Element>();
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var begin = (int)json.TokenStartIndex;
            var prefix = default(IpPrefix);
            var isBest = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("prefix"u8))
                {
                    json.Read();
                    prefix = IpPrefix.Parse(json.GetString());
                }
                else if (json.ValueTextEquals("best"u8))
                {
                    json.Read();
                    isBest = json.GetBoolean();
                }
                else
                {
                    json.Skip();
                }
            }

            routes.Add(new Element(prefix, isBest, begin, (int)json.BytesConsumed - begin));
        }

        return routes;
    }

    private readonly record struct Element(IpPrefix Prefix, bool IsBest, int Begin, int Length);
}
