import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, listOf, listQuery, params, Time } from '../schema.ts'

/** What the contract has no word for: where the servers are that channel members name by id. */

const family = 'Pailou'

const Server = closed({
  server_id: Type.String(),
  /** A host name or an IP address. */
  address: Type.String(),
  create_time: Time,
})

export const servers = [
  op({
    id: 'setServer',
    method: 'PUT',
    path: '/pailou/v1/servers/{server_id}',
    family,
    tier: 1,
    summary: 'Say at which address a server is that channel members name by its id',
    status: 200,
    params: params('server_id'),
    body: Type.Object({ address: Type.String({ minLength: 1, maxLength: 255 }) }),
    response: Server,
  }),
  op({
    id: 'listServers',
    method: 'GET',
    path: '/pailou/v1/servers',
    family,
    tier: 1,
    summary: 'List the servers whose address is known',
    status: 200,
    query: listQuery('server_id', 'address'),
    response: listOf('servers', Server),
  }),
  op({
    id: 'deleteServer',
    method: 'DELETE',
    path: '/pailou/v1/servers/{server_id}',
    family,
    tier: 1,
    summary: 'Forget a server that no channel names',
    status: 204,
    params: params('server_id'),
    errors: ['APIG.3007'],
  }),
] as const
