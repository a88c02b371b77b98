import { invalid, missing, unsupported } from '../../admin-error.ts'
import {
  field,
  listOf,
  scalarOf,
  textOf,
  treeOf,
  withoutEndSlashes,
  wrong,
  type ApiDocument,
  type Tree,
} from './document.ts'

const extension = 'x-apigateway-backend'

/** The backend of an operation, as fields of an API; undefined when the operation does not say. Throws AdminError. */
export function statedBackend(operation: Tree): object | undefined {
  const policies = field(operation, 'x-apigateway-backend-policies')
  if (policies !== undefined && listOf(policies).length + Object.keys(treeOf(policies) ?? {}).length > 0)
    throw unsupported('x-apigateway-backend-policies')
  const given = field(operation, extension)
  if (given === undefined) return undefined
  const backend = treeOf(given)
  if (!backend) throw wrong(`${extension} has to be an object`)
  const backend_params = listOf(field(backend, 'parameters')).map(backendParameter)
  switch (textOf(field(backend, 'type'))?.toUpperCase()) {
    case 'HTTP':
      return { backend_type: 'HTTP', backend_api: httpEndpoint(endpoint(backend, 'httpEndpoints')), backend_params }
    case 'MOCK': {
      const mock = endpoint(backend, 'mockEndpoints')
      return {
        backend_type: 'MOCK',
        mock_info: {
          result_content: field(mock, 'result-content'),
          status_code: field(mock, 'status-code'),
          ...notes(mock),
        },
        backend_params,
      }
    }
    case 'HTTP-VPC':
      throw unsupported(`${extension}.httpVpcEndpoints`)
    case 'FUNCTION':
      throw unsupported(`${extension}.functionEndpoints`)
    default:
      throw invalid(`${extension}.type`)
  }
}

function endpoint(backend: Tree, name: string): Tree {
  const found = treeOf(field(backend, name))
  if (!found) throw missing(`${extension}.${name}`)
  return found
}

function httpEndpoint(http: Tree): object {
  const retries = field(http, 'retryCount')
  return {
    url_domain: field(http, 'address'),
    req_protocol: textOf(field(http, 'scheme'))?.toUpperCase(),
    req_method: textOf(field(http, 'method'))?.toUpperCase(),
    req_uri: field(http, 'path'),
    timeout: field(http, 'timeout') ?? 5000,
    ...(retries !== undefined && { retry_count: scalarOf(retries) }),
    enable_client_ssl: field(http, 'enableClientSsl') === true,
    enable_sm_channel: field(http, 'enableSmChannel') === true,
    ...notes(http),
  }
}

function notes(tree: Tree): object {
  return { remark: field(tree, 'description'), version: field(tree, 'version') }
}

function backendParameter(value: unknown, index: number): object {
  const parameter = treeOf(value)
  if (!parameter) throw invalid(`${extension}.parameters[${index}]`)
  return {
    name: field(parameter, 'name'),
    location: textOf(field(parameter, 'in'))?.toUpperCase(),
    origin: textOf(field(parameter, 'origin'))?.toUpperCase(),
    value: scalarOf(field(parameter, 'value')) ?? '',
    remark: field(parameter, 'description'),
  }
}

/** An API that answers by itself, with the first example of a success that the operation has. */
export function mockBackend(document: ApiDocument, operation: Tree): object {
  return { backend_type: 'MOCK', mock_info: { result_content: sampleOf(document, operation), status_code: 200 } }
}

function sampleOf(document: ApiDocument, operation: Tree): string {
  for (const [status, value] of Object.entries(treeOf(field(operation, 'responses')) ?? {})) {
    if (!status.startsWith('2')) continue
    const response = document.follow(value, `responses.${status}`)
    const media =
      document.major === 2 ? [field(response, 'examples')] : Object.values(treeOf(field(response, 'content')) ?? {})
    for (const each of media) {
      const tree = treeOf(each)
      const [first] = Object.values(treeOf(document.major === 2 ? tree : field(tree, 'examples')) ?? {})
      const example = document.major === 2 ? first : (field(tree, 'example') ?? field(treeOf(first), 'value'))
      if (example !== undefined) return typeof example === 'string' ? example : JSON.stringify(example)
    }
  }
  return ''
}

/** The server that the document itself names, asked for the same path; `pathNames` travel on. Throws AdminError. */
export function serverBackend(
  document: ApiDocument,
  {
    method,
    path,
    pathNames,
  }: { readonly method: string; readonly path: string; readonly pathNames: readonly string[] },
): object {
  const server = document.major === 2 ? swaggerServer(document.root) : openapiServer(document.root)
  if (!server) throw missing('backend_api.url_domain')
  const below = document.major === 2 ? '' : withoutEndSlashes(server.pathname)
  return {
    backend_type: 'HTTP',
    backend_api: {
      url_domain: server.host,
      req_protocol: server.protocol === 'http:' ? 'HTTP' : 'HTTPS',
      req_method: method,
      req_uri: `${below}${path.replaceAll('+}', '}')}`,
      timeout: 5000,
    },
    backend_params: pathNames.map(name => ({ name, location: 'PATH', origin: 'REQUEST', value: name })),
  }
}

function swaggerServer(root: Tree): URL | undefined {
  const host = textOf(field(root, 'host'))
  const plain = listOf(field(root, 'schemes')).includes('http') && !listOf(field(root, 'schemes')).includes('https')
  return host === undefined ? undefined : urlOf(`${plain ? 'http' : 'https'}://${host}`)
}

function openapiServer(root: Tree): URL | undefined {
  const [server] = listOf(field(root, 'servers'))
  return urlOf(textOf(field(treeOf(server), 'url')))
}

function urlOf(text: string | undefined): URL | undefined {
  const url = text === undefined ? null : URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined
}
