import { AddressList } from '../base/address-list.ts'
import type { Access } from '../seam/access.ts'
import type { Evidence } from '../seam/observations.ts'

/** Says why a caller at this address may not pass; nothing when it may. */
export type AddressRule = (address: string) => Evidence | undefined

/** So many entries of a list are evidence enough. */
const shownEntries = 20

const ready = new WeakMap<Access, AddressRule>()

/** Made ready once for all routes that share the list. */
export function addressRule(access: Access): AddressRule {
  let rule = ready.get(access)
  if (rule === undefined) ready.set(access, (rule = prepare(access)))
  return rule
}

function prepare({ type, entries }: Access): AddressRule {
  const list = new AddressList(entries)
  const passes = type === 'PERMIT'
  return address => {
    const found = list.has(address)
    if (found === passes) return undefined
    if (found === true) return { address, type, found: 'on the list', entry: list.entryWith(address) }
    const rest = { entries: entries.slice(0, shownEntries), numberOfEntries: entries.length }
    // What is no address is on no list, and passes none.
    return { address, type, found: found === undefined ? 'no address' : 'not on the list', ...rest }
  }
}
