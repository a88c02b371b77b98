import type { Server } from '../../documents/vpc-channel.ts'
import { AdminError, invalid, invalidInUrl } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { exactly, listed, named } from '../lists.ts'
import { isHost } from '../rules/channel-members.ts'
import { serverView } from '../views/vpc-channel.ts'

export const servers = {
  /** Channels whose members name the server go to the new address at once. */
  setServer({ params, body }, { desk, clock }) {
    if (!/^[-\w]{1,64}$/.test(params.server_id)) throw invalidInUrl('server_id')
    if (!isHost(body.address)) throw invalid('address')
    return desk.write(catalog => {
      const before = catalog.get('server', params.server_id)
      const createdAt = before?.createdAt ?? clock.now()
      const server: Server = { id: params.server_id, address: body.address, createdAt }
      return { edits: [{ put: 'server', document: server }], result: serverView(server) }
    })
  },

  listServers({ query }, { desk }) {
    const id = exactly(query.server_id)
    const address = named(query.address)
    const found = desk
      .catalog()
      .all('server')
      .filter(server => id(server.id) && address(server.address))
    return listed('servers', found, query, serverView)
  },

  deleteServer({ params }, { desk }) {
    return desk.write(catalog => {
      const server = catalog.get('server', params.server_id)
      if (!server) throw new AdminError('APIG.3007', `The server does not exist,id:${params.server_id}`)
      const user = catalog
        .all('vpc-channel')
        .find(({ members }) => members.some(({ serverId }) => serverId === server.id))
      if (user) {
        throw new AdminError('APIG.2000', `The server is a member of the VPC channel ${user.name}`, { status: 409 })
      }
      return { edits: [{ remove: 'server', id: server.id }], result: undefined }
    })
  },
} satisfies Partial<Handlers>
