import { rfc3339 } from '../../../base/clock.ts'
import type { Catalog } from '../../catalog.ts'
import type { AccessKey, Account, User } from '../../documents/documents.ts'
import { isEnabled, roleOf } from '../../iam/roles.ts'
import { belongingTo } from '../index-of.ts'

export function managedUserView(user: User, catalog: Catalog) {
  return {
    id: user.id,
    name: user.name,
    role: roleOf(user),
    enabled: isEnabled(user),
    access_keys: belongingTo(catalog, 'access-key', 'userId', user.id).length,
    create_time: rfc3339(user.createdAt),
  }
}

/** Without the secret key, which nobody gets to see a second time. */
export function accessKeyView(key: AccessKey, owner: User) {
  return {
    access_key: key.id,
    user_id: owner.id,
    user_name: owner.name,
    enabled: isEnabled(key),
    description: key.description ?? '',
    create_time: rfc3339(key.createdAt),
  }
}

export function accountView({ id, name, createdAt }: Account, catalog: Catalog, instances: number) {
  return {
    id,
    name,
    users: belongingTo(catalog, 'user', 'accountId', id).length,
    instances,
    projects: belongingTo(catalog, 'project', 'accountId', id).map(project => ({ id: project.id, name: project.name })),
    create_time: rfc3339(createdAt),
  }
}
