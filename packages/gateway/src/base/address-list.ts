import { BlockList, isIP } from 'node:net'

/** So many addresses are remembered with the entry that holds them. */
const remembered = 1_000

/**
 * A list of addresses, `a-b` ranges and CIDR blocks, IPv4 or IPv6, made ready to be asked. An IPv4 address that is
 * written as IPv6 (`::ffff:192.0.2.1`) is an IPv4 address. Throws when an entry is none of these.
 */
export class AddressList {
  readonly #entries: readonly string[]
  // Two, for one alone would find every IPv4 address in `::/0`.
  readonly #v4 = new BlockList()
  readonly #v6 = new BlockList()
  /** A list for each entry, made when somebody first asks for one. */
  #single: readonly AddressList[] | undefined
  readonly #found = new Map<string, string | undefined>()

  constructor(entries: readonly string[]) {
    this.#entries = entries
    for (const entry of entries) this.#add(entry)
  }

  /** Undefined for a text that is no address: it can be said neither to be on the list nor not to be. */
  has(address: string): boolean | undefined {
    const version = isIP(address)
    if (version === 0) return undefined
    return this.#listFor(address).check(address, version === 4 ? 'ipv4' : 'ipv6')
  }

  /** The first entry that holds the address. Goes through them one by one, but not again for the same address. */
  entryWith(address: string): string | undefined {
    if (this.#found.has(address)) return this.#found.get(address)
    this.#single ??= this.#entries.map(entry => new AddressList([entry]))
    const at = this.#single.findIndex(list => list.has(address))
    if (this.#found.size >= remembered) this.#found.clear()
    this.#found.set(address, this.#entries[at])
    return this.#entries[at]
  }

  #add(entry: string): void {
    const [base = '', prefix] = entry.split('/')
    const [first = '', last] = base.split('-')
    const version = isIP(first)
    if (version === 0) throw new TypeError(`not an address, a range or a CIDR block: ${entry}`)
    const list = this.#listFor(first)
    const family = version === 4 ? 'ipv4' : 'ipv6'
    if (prefix !== undefined) list.addSubnet(first, Number(prefix), family)
    else if (last !== undefined) list.addRange(first, last, family)
    else list.addAddress(first, family)
  }

  #listFor(address: string): BlockList {
    return address.includes(':') && !/^::ffff:/i.test(address) ? this.#v6 : this.#v4
  }
}
