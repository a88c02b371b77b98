import type { ApiDefinition } from '../../../documents/documents.ts'

/** `x-apigateway-backend` of a definition. */
export function writtenBackend({ backend_api, mock_info, backend_params }: ApiDefinition): object {
  const parameters = backend_params.map(({ name, value, location, origin, remark }) => ({
    name,
    value,
    in: location.toLowerCase(),
    origin,
    ...(remark !== undefined && { description: remark }),
  }))
  const common = parameters.length > 0 ? { parameters } : {}
  if (backend_api) {
    return {
      type: 'HTTP',
      ...common,
      httpEndpoints: {
        address: backend_api.url_domain,
        scheme: backend_api.req_protocol.toLowerCase(),
        method: backend_api.req_method,
        path: backend_api.req_uri,
        timeout: backend_api.timeout,
        retryCount: backend_api.retry_count,
        enableClientSsl: backend_api.enable_client_ssl,
        ...notes(backend_api),
      },
    }
  }
  const { result_content = '', status_code = 200 } = mock_info ?? {}
  return {
    type: 'MOCK',
    ...common,
    mockEndpoints: { 'result-content': result_content, 'status-code': status_code, ...(mock_info && notes(mock_info)) },
  }
}

function notes({ remark, version }: { readonly remark: string; readonly version: string }): object {
  return { ...(remark && { description: remark }), ...(version && { version }) }
}
