import { isIP, isIPv4 } from 'node:net'

import { variableReference } from '../../compile/variables.ts'

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const backendLabel = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * The name of an independent domain in the form in which it is kept: lower case, `*.` allowed in front.
 * `undefined` when it is none: two to eight labels, at most 255 characters, and no IP address.
 */
export function domainName(text: string): string | undefined {
  const name = text.toLowerCase()
  const labels = (name.startsWith('*.') ? name.slice(2) : name).split('.')
  if (name.length > 255 || labels.length < 2 || labels.length > 8) return undefined
  if (!labels.every(part => label.test(part)) || isIPv4(name) || /^\d+$/.test(labels.at(-1)!)) return undefined
  return name
}

/**
 * Whether a backend address is `host[:port]`: a host name, an IPv4 address or an IPv6 address in brackets. Any part may
 * be written with variables, `#name#`, whose values are another matter.
 */
export function isBackendAddress(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false
  if (text.includes('#')) return isAddressWithVariables(text)
  const found = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text)
  if (!found) return false
  const [, host, port] = found
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) return false
  return isBackendHost(host!)
}

function isAddressWithVariables(text: string): boolean {
  const [, host, port] = /^(\[[^\]]+\]|[^:[\]]+)(?::([^:]+))?$/.exec(text) ?? []
  if (host === undefined || !/^\d{0,5}$/.test(port?.replaceAll(variableReference, '') ?? '')) return false
  if (host.startsWith('[')) return /^[0-9a-fA-F:.]*$/.test(host.slice(1, -1).replaceAll(variableReference, ''))
  return isBackendHost(host.replaceAll(variableReference, 'v'))
}

function isBackendHost(host: string): boolean {
  if (host.startsWith('[')) return isIP(host.slice(1, -1)) === 6
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  if (labels.every(part => /^\d+$/.test(part))) return isIPv4(host)
  return labels.every(part => backendLabel.test(part))
}
