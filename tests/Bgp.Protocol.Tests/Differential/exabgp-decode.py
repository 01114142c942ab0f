# Reads a line an UPDATE, "2|4 HEX" (octets of an AS number, body), and writes what ExaBGP's decoder makes of it in the words of ExaBgpTests.
import sys

from exabgp.configuration.setup import environment

environment.setup('')

from exabgp.bgp.message import Update
from exabgp.bgp.message.direction import Direction, IN
from exabgp.bgp.message.open.capability.negotiated import Negotiated
from exabgp.bgp.message.update.attribute.attribute import Attribute
from exabgp.protocol.family import AFI, SAFI

CODE = Attribute.CODE


def words(update):
    result = []
    for name, action in (('withdraw', IN.WITHDRAWN), ('announce', IN.ANNOUNCED)):
        prefixes = [(str(each.cidr.prefix()), str(each.nexthop)) for each in update.nlris if each.action == action]
        if prefixes:
            result.append(name + ' ' + ','.join(prefix for prefix, _ in prefixes))
            if action == IN.ANNOUNCED:
                result.append('next-hop=' + '/'.join(sorted({hop for _, hop in prefixes})))
    for code in sorted(update.attributes):
        value = update.attributes[code]
        if code == CODE.ORIGIN:
            result.append('origin=%d' % value.origin)
        elif code == CODE.AS_PATH:
            result.append('path=%s/%s' % (','.join(str(int(n)) for n in value.as_seq), ','.join(str(int(n)) for n in value.as_set)))
        elif code == CODE.MED:
            result.append('med=%d' % value.med)
        elif code == CODE.LOCAL_PREF:
            result.append('local-pref=%d' % value.localpref)
        elif code == CODE.ATOMIC_AGGREGATE:
            result.append('atomic')
        elif code == CODE.AGGREGATOR:
            result.append('aggregator=%d@%s' % (int(value.asn), value.speaker))
        elif code == CODE.COMMUNITY:
            result.append('communities=' + ','.join(sorted({each.community.hex() for each in value.communities})))
        elif code == CODE.ORIGINATOR_ID:
            result.append('originator=%s' % value)
        elif code == CODE.CLUSTER_LIST:
            result.append('clusters=' + ','.join(str(each) for each in value.clusters))
        elif code == CODE.EXTENDED_COMMUNITY:
            result.append('extended=' + ','.join(sorted({each.community.hex() for each in value.communities})))
        elif code == CODE.LARGE_COMMUNITY:
            result.append('large=' + ','.join(sorted({each.large_community.hex() for each in value.communities})))
        elif code != CODE.NEXT_HOP:
            result.append('other-%d' % code)
    return ' '.join(result)


for line in sys.stdin:
    size, body = line.split()
    negotiated = Negotiated(None)
    negotiated.asn4 = size == '4'
    negotiated.families = [(AFI.ipv4, SAFI.unicast), (AFI.ipv6, SAFI.unicast)]
    print(words(Update.unpack_message(bytes.fromhex(body), Direction.IN, negotiated)))
