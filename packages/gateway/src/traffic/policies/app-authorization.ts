import { refuse } from '../exchange.ts'
import type { Policy } from '../policy.ts'

/** API授权: the app may call the API in this environment only if it was authorised there. */
export const appAuthorization: Policy<'app-authorization'> = ({ appIds }) => {
  const authorized = new Set(appIds)
  return {
    admit({ caller, route }) {
      if (caller.kind === 'app' && authorized.has(caller.id)) return undefined
      return refuse('0304', {
        check: 'app authorization',
        app: caller.kind === 'app' ? { id: caller.id, name: caller.name } : null,
        api: { id: route.apiId, name: route.apiName },
        environment: route.environment.name,
        authorizedApps: authorized.size,
      })
    },
  }
}
