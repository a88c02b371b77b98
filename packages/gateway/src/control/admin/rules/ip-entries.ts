import { BlockList, isIP } from 'node:net'

/** Whether a text is an address, an `a-b` range with `a` not above `b`, or a CIDR block; IPv4 or IPv6. */
export function isIpEntry(text: string): boolean {
  const block = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text)
  if (block) {
    const version = versionOf(block[1]!)
    return version !== undefined && Number(block[2]) <= (version === 'ipv4' ? 32 : 128)
  }
  const range = /^([^-]+)-([^-]+)$/.exec(text)
  return range ? isRange(range[1]!, range[2]!) : versionOf(text) !== undefined
}

/** `undefined` for what is no address. A zone (`fe80::1%eth0`) has a meaning on one machine only. */
function versionOf(text: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(text)
  if (version === 0 || text.includes('%')) return undefined
  return version === 4 ? 'ipv4' : 'ipv6'
}

function isRange(first: string, last: string): boolean {
  const version = versionOf(first)
  if (version === undefined || version !== versionOf(last)) return false
  try {
    new BlockList().addRange(first, last, version)
    return true
  } catch {
    return false
  }
}
