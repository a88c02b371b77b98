import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath } from '../schema.ts'

const family = 'app ACL'
const path = `${instancePath}/apps/{app_id}/app-acl` as const

const AclType = Type.Enum(['PERMIT', 'DENY'])
const Values = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })

export const appAcl = [
  op({
    id: 'updateAppAcl',
    method: 'PUT',
    path,
    family,
    tier: 1,
    summary: 'Say from which addresses an app may call, or may not: addresses, `a-b` ranges and CIDR blocks',
    status: 201,
    params: inInstance('app_id'),
    body: Type.Object({ app_acl_type: AclType, app_acl_values: Values }),
    response: closed({ app_id: Id, app_acl_type: AclType, app_acl_values: Values }),
    errors: ['APIG.3004'],
  }),
  op({
    id: 'showDetailsOfAppAcl',
    method: 'GET',
    path,
    family,
    tier: 1,
    summary: 'Show the access control of an app: an empty object when it has none',
    status: 200,
    params: inInstance('app_id'),
    response: closed({
      app_id: Type.Optional(Id),
      app_acl_type: Type.Optional(AclType),
      app_acl_values: Type.Optional(Values),
    }),
    errors: ['APIG.3004'],
  }),
  op({
    id: 'deleteAppAcl',
    method: 'DELETE',
    path,
    family,
    tier: 1,
    summary: 'Let an app call from everywhere again',
    status: 204,
    params: inInstance('app_id'),
    errors: ['APIG.3004'],
  }),
] as const
