import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, filters, Id } from '../schema.ts'

const family = 'IAM'

const Optional = Type.Optional(Type.String())
const Links = Type.Record(Type.String(), Type.Unknown())

/** Something named or given by id; of a domain, what the contract elsewhere calls an account. */
const DomainReference = Type.Object({ id: Optional, name: Optional })

const TokenBody = Type.Object({
  auth: Type.Object({
    identity: Type.Object({
      methods: Type.Array(Type.Enum(['password', 'token']), { minItems: 1 }),
      password: Type.Optional(
        Type.Object({
          user: Type.Object({
            id: Optional,
            name: Optional,
            domain: Type.Optional(DomainReference),
            password: Type.String(),
          }),
        }),
      ),
      token: Type.Optional(Type.Object({ id: Type.String() })),
    }),
    scope: Type.Optional(
      Type.Object({
        project: Type.Optional(Type.Object({ id: Optional, name: Optional, domain: Type.Optional(DomainReference) })),
        domain: Type.Optional(DomainReference),
      }),
    ),
  }),
})

const Domain = closed({ id: Id, name: Type.String() })

const Token = closed({
  token: closed({
    expires_at: Type.String(),
    issued_at: Type.String(),
    methods: Type.Array(Type.String()),
    catalog: Type.Array(Type.Unknown()),
    roles: Type.Array(Type.Unknown()),
    user: closed({ id: Id, name: Type.String(), domain: Domain, password_expires_at: Optional }),
    /** One of these two: the scope. */
    project: Type.Optional(closed({ id: Id, name: Type.String(), domain: Domain })),
    domain: Type.Optional(Domain),
  }),
})

const Projects = closed({
  projects: Type.Array(
    closed({
      id: Id,
      /** That of the region. */
      name: Type.String(),
      domain_id: Id,
      parent_id: Id,
      enabled: Type.Boolean(),
      is_domain: Type.Boolean(),
      description: Type.String(),
      links: Links,
    }),
  ),
  links: Links,
})

export const iam = [
  op({
    id: 'keystoneCreateToken',
    method: 'POST',
    path: '/v3/auth/tokens',
    family,
    tier: 1,
    summary: 'Get a token for a password or for another token',
    status: 201,
    open: true,
    body: TokenBody,
    response: Token,
    responseHeaders: ['X-Subject-Token'],
  }),
  op({
    id: 'keystoneValidateToken',
    method: 'GET',
    path: '/v3/auth/tokens',
    family,
    tier: 1,
    summary: 'Show what a token stands for',
    status: 200,
    response: Token,
    requestHeaders: ['X-Subject-Token'],
    responseHeaders: ['X-Subject-Token'],
  }),
  op({
    id: 'keystoneListProjects',
    method: 'GET',
    path: '/v3/projects',
    family,
    tier: 1,
    summary: 'List projects',
    status: 200,
    query: filters('name', 'domain_id', 'parent_id', 'enabled'),
    response: Projects,
  }),
  op({
    id: 'keystoneListAuthProjects',
    method: 'GET',
    path: '/v3/auth/projects',
    family,
    tier: 1,
    summary: 'List the projects that the caller can reach',
    status: 200,
    response: Projects,
  }),
  op({
    id: 'keystoneListAuthDomains',
    method: 'GET',
    path: '/v3/auth/domains',
    family,
    tier: 1,
    summary: 'List the accounts that the caller can reach',
    status: 200,
    response: closed({
      domains: Type.Array(
        closed({ id: Id, name: Type.String(), enabled: Type.Boolean(), description: Type.String(), links: Links }),
      ),
      links: Links,
    }),
  }),
  op({
    id: 'keystoneListUsers',
    method: 'GET',
    path: '/v3/users',
    family,
    tier: 1,
    summary: 'List users',
    status: 200,
    query: filters('name', 'domain_id', 'enabled'),
    response: closed({
      users: Type.Array(
        closed({
          id: Id,
          name: Type.String(),
          domain_id: Id,
          enabled: Type.Boolean(),
          description: Optional,
          links: Links,
        }),
      ),
      links: Links,
    }),
  }),
  op({
    id: 'keystoneListRegions',
    method: 'GET',
    path: '/v3/regions',
    family,
    tier: 1,
    summary: 'List regions',
    status: 200,
    response: closed({
      regions: Type.Array(
        closed({
          id: Id,
          type: Optional,
          description: Type.String(),
          parent_region_id: Type.Union([Type.String(), Type.Null()]),
          locales: Type.Record(Type.String(), Type.String()),
          links: Links,
        }),
      ),
      links: Links,
    }),
  }),
] as const
