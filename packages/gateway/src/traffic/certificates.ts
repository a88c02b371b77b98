import { createSecureContext, type SecureContext } from 'node:tls'
import type { HostCertificate } from '../seam/snapshot.ts'

/** The certificates of a snapshot, made ready before the first handshake asks for one. */
export class Certificates {
  private exact = new Map<string, SecureContext>()
  /** By what stands behind `*.`. */
  private wildcard = new Map<string, SecureContext>()
  /** By what they are made of: most snapshots change no certificate. */
  private made = new Map<string, SecureContext>()

  /** Connections under way keep what they began with. When it throws, everything stays as it was. */
  adopt(certificates: readonly HostCertificate[]): void {
    const [exact, wildcard, made] = [new Map(), new Map(), new Map<string, SecureContext>()]
    for (const { name, chain, key } of certificates) {
      const parts = `${chain}\n${key.secret}`
      const context = made.get(parts) ?? this.made.get(parts) ?? createSecureContext({ cert: chain, key: key.secret })
      made.set(parts, context)
      if (name.startsWith('*.')) wildcard.set(name.slice(2), context)
      else exact.set(name, context)
    }
    this.exact = exact
    this.wildcard = wildcard
    this.made = made
  }

  /** For the name that a client asks for in its greeting; `undefined`: the default certificate. */
  contextFor(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase()
    const dot = name.indexOf('.')
    return this.exact.get(name) ?? (dot > 0 ? this.wildcard.get(name.slice(dot + 1)) : undefined)
  }
}
