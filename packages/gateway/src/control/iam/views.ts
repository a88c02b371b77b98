import type { Account, Project, User } from '../documents/documents.ts'
import { isEnabled } from './roles.ts'
import type { Bearer } from './tokens.ts'

/** Keystone's times have microseconds. */
function keystoneTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000000Z`
}

const domainOf = ({ id, name }: Account) => ({ id, name })

export function projectView(project: Project) {
  return {
    id: project.id,
    name: project.name,
    domain_id: project.accountId,
    parent_id: project.accountId,
    enabled: true,
    is_domain: false,
    description: '',
    links: {},
  }
}

export function domainView(account: Account) {
  return { id: account.id, name: account.name, enabled: true, description: '', links: {} }
}

export function userView(user: User) {
  return {
    id: user.id,
    name: user.name,
    domain_id: user.accountId,
    enabled: isEnabled(user),
    description: '',
    links: { self: '' },
  }
}

export function tokenView({ user, account, scope, methods, issuedAt, expiresAt }: Bearer) {
  return {
    token: {
      expires_at: keystoneTime(expiresAt),
      issued_at: keystoneTime(issuedAt),
      methods: [...methods],
      catalog: [],
      roles: [],
      user: { id: user.id, name: user.name, domain: domainOf(account) },
      ...('project' in scope
        ? { project: { id: scope.project.id, name: scope.project.name, domain: domainOf(account) } }
        : { domain: domainOf(scope.account) }),
    },
  }
}

export function regionView(name: string) {
  return {
    id: name,
    type: 'public',
    description: '',
    parent_region_id: null,
    locales: { 'zh-cn': name, 'en-us': name },
    links: {},
  }
}
