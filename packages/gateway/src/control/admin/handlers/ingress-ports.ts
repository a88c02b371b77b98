import { hexId } from '../../../base/ids.ts'
import type { Catalog } from '../../catalog.ts'
import type { Domain } from '../../documents/documents.ts'
import type { IngressPort } from '../../documents/ingress-port.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'
import { belongingTo } from '../index-of.ts'
import { exactly, listed, named } from '../lists.ts'

const portsPerInstance = 40

function portOf(catalog: Catalog, instanceId: string, id: string): IngressPort {
  const port = catalog.get('ingress-port', id)
  // 400 and not 404: that is how clients know that it is gone.
  if (port?.instanceId !== instanceId) throw new AdminError('APIC.7200')
  return port
}

function domainsOf(catalog: Catalog, { instanceId, protocol, port }: IngressPort): readonly Domain[] {
  const side = protocol === 'HTTP' ? 'http' : 'https'
  return belongingTo(catalog, 'domain', 'instanceId', instanceId).filter(({ ports }) => ports?.[side] === port)
}

function portView({ id, protocol, port }: IngressPort) {
  return { ingress_port_id: id, protocol, ingress_port: port, status: 'normal' as const }
}

export const ingressPorts = {
  listCustomIngressPorts({ query, instance }, { desk }) {
    const protocol = exactly(query.protocol)
    const number = exactly(query.ingress_port)
    const found = belongingTo(desk.catalog(), 'ingress-port', 'instanceId', instance.id).filter(
      port => protocol(port.protocol) && number(port.port),
    )
    return listed('ingress_port_infos', found, query, portView)
  },

  addCustomIngressPort({ body, instance }, { desk, clock }) {
    return desk.write(catalog => {
      const others = belongingTo(catalog, 'ingress-port', 'instanceId', instance.id)
      if (others.some(({ port }) => port === body.ingress_port)) throw new AdminError('APIC.7258')
      if (others.length >= portsPerInstance) throw new AdminError('APIC.7403')
      const port: IngressPort = {
        id: hexId(),
        instanceId: instance.id,
        protocol: body.protocol,
        port: body.ingress_port,
        createdAt: clock.now(),
      }
      return { edits: [{ put: 'ingress-port', document: port }], result: portView(port) }
    })
  },

  deleteCustomIngressPort({ params, instance }, { desk }) {
    return desk.write(catalog => {
      const port = portOf(catalog, instance.id, params.ingress_port_id)
      if (domainsOf(catalog, port).length > 0) throw new AdminError('APIC.7257')
      return { edits: [{ remove: 'ingress-port', id: port.id }], result: undefined }
    })
  },

  listCustomIngressPortDomains({ params, query, instance }, { desk }) {
    const catalog = desk.catalog()
    const name = named(query.domain_name)
    const found = domainsOf(catalog, portOf(catalog, instance.id, params.ingress_port_id)).filter(domain =>
      name(domain.name),
    )
    return listed('domain_infos', found, query, domain => ({
      group_id: domain.groupId,
      group_name: catalog.get('api-group', domain.groupId)?.name ?? '',
      domain_name: domain.name,
    }))
  },
} satisfies Partial<Handlers>
