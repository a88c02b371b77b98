import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery } from '../schema.ts'

const family = 'ingress ports'
const path = `${instancePath}/custom-ingress-ports` as const

const IngressPort = closed({
  ingress_port_id: Id,
  protocol: Type.Enum(['HTTP', 'HTTPS']),
  ingress_port: Type.Integer(),
  status: Type.Enum(['normal', 'abnormal']),
})

export const ingressPorts = [
  op({
    id: 'listCustomIngressPorts',
    method: 'GET',
    path,
    family,
    tier: 2,
    summary: 'List the ports besides 80 and 443 that domains may name',
    status: 200,
    params: inInstance(),
    query: listQuery('protocol', 'ingress_port'),
    response: listOf('ingress_port_infos', IngressPort),
  }),
  op({
    id: 'addCustomIngressPort',
    method: 'POST',
    path,
    family,
    tier: 2,
    summary: 'Add a port that domains may name',
    status: 201,
    params: inInstance(),
    body: Type.Object({
      protocol: Type.Enum(['HTTP', 'HTTPS']),
      ingress_port: Type.Integer({ minimum: 1024, maximum: 49151 }),
    }),
    response: IngressPort,
    errors: ['APIC.7258', 'APIC.7403'],
  }),
  op({
    id: 'deleteCustomIngressPort',
    method: 'DELETE',
    path: `${path}/{ingress_port_id}`,
    family,
    tier: 2,
    summary: 'Delete a port that no domain names',
    status: 204,
    params: inInstance('ingress_port_id'),
    errors: ['APIC.7200', 'APIC.7257'],
  }),
  op({
    id: 'listCustomIngressPortDomains',
    method: 'GET',
    path: `${path}/{ingress_port_id}/domains`,
    family,
    tier: 2,
    summary: 'List the domains that name a port',
    status: 200,
    params: inInstance('ingress_port_id'),
    query: listQuery('domain_name'),
    response: listOf('domain_infos', closed({ group_id: Id, group_name: Type.String(), domain_name: Type.String() })),
    errors: ['APIC.7200'],
  }),
] as const
