import type { Server } from 'node:tls'
import type { HostCertificates } from '../seam/snapshot.ts'
import { openDoor, type Accept } from './listeners.ts'

/** The certificates of a snapshot, made ready before the first handshake asks for one. */
export class Certificates {
  private readonly accept: Accept
  private exact = new Map<string, Server>()
  /** By what stands behind `*.`. */
  private wildcard = new Map<string, Server>()
  /** By what they are made of: most snapshots change no certificate, and sessions are taken up where they began. */
  private made = new Map<string, Server>()

  constructor(accept: Accept) {
    this.accept = accept
  }

  /** Connections under way keep what they began with. When it throws, everything stays as it was. */
  adopt(hosts: readonly HostCertificates[]): void {
    const exact = new Map<string, Server>()
    const wildcard = new Map<string, Server>()
    const made = new Map<string, Server>()
    for (const host of hosts) {
      const parts = partsOf(host)
      const door = made.get(parts) ?? this.made.get(parts) ?? this.open(host)
      made.set(parts, door)
      if (host.name.startsWith('*.')) wildcard.set(host.name.slice(2), door)
      else exact.set(host.name, door)
    }
    this.exact = exact
    this.wildcard = wildcard
    this.made = made
  }

  /** For the name that a client asks for in its greeting; `undefined`: the default certificate. */
  doorFor(serverName: string): Server | undefined {
    const dot = serverName.indexOf('.')
    return this.exact.get(serverName) ?? (dot > 0 ? this.wildcard.get(serverName.slice(dot + 1)) : undefined)
  }

  private open({ certificates, clientAuthority }: HostCertificates): Server {
    const key = certificates.map(({ key }) => key.secret)
    const cert = certificates.map(({ chain }) => chain)
    return openDoor({ key, cert, ...(clientAuthority !== undefined && { clientAuthority }) }, this.accept)
  }
}

function partsOf({ certificates, clientAuthority = '' }: HostCertificates): string {
  return [clientAuthority, ...certificates.flatMap(({ chain, key }) => [chain, key.secret])].join('\n\n')
}
