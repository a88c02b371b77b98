import type { BodyOf, OperationById } from '@pailou/contract'

import type { Catalog } from '../../catalog.ts'
import type { Acl } from '../../documents/acls.ts'
import { AdminError, invalid } from '../admin-error.ts'
import { belongingTo } from '../index-of.ts'
import { isIpEntry } from './ip-entries.ts'

const addressesPerPolicy = 100
const charactersOfNames = 1024

/** What a body says about a policy. Throws AdminError when an entry does not fit the entity type. */
export function aclSettings(body: BodyOf<OperationById<'createAclStrategyV2'>>) {
  const entries = body.acl_value.split(',')
  if (!fits(body.entity_type, entries, body.acl_value)) throw invalid('acl_value')
  return { name: body.acl_name, type: body.acl_type, entityType: body.entity_type, entries }
}

function fits(entityType: Acl['entityType'], entries: readonly string[], text: string): boolean {
  switch (entityType) {
    case 'IP':
      return entries.length <= addressesPerPolicy && entries.every(isIpEntry)
    case 'DOMAIN':
      return text.length <= charactersOfNames && entries.every(isAccountName)
    case 'DOMAIN_ID':
      return entries.every(id => /^[A-Za-z0-9_-]{1,64}$/.test(id))
  }
}

function isAccountName(text: string): boolean {
  return /^[^\s,]{1,64}$/u.test(text) && !/^\d+$/.test(text)
}

export function refuseTakenAcl(catalog: Catalog, { id, instanceId, name }: Acl): void {
  const taken = belongingTo(catalog, 'acl', 'instanceId', instanceId).some(
    other => other.name === name && other.id !== id,
  )
  if (taken) throw new AdminError('APIG.3206')
}
