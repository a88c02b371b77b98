import { Type } from 'typebox'
import { op } from '../operation.ts'
import { closed, Id, inInstance, instancePath, listOf, listQuery, Name, Remark, Time } from '../schema.ts'

const family = 'apps'

const AppSecret = Type.String({ pattern: '^[A-Za-z0-9][-A-Za-z0-9_!@#$%]*$', minLength: 8, maxLength: 128 })

const AppBody = Type.Object({
  name: Name,
  remark: Remark,
  app_key: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$', minLength: 8, maxLength: 200 })),
  app_secret: Type.Optional(AppSecret),
  related_domain_id: Type.Optional(Type.String()),
  related_project_id: Type.Optional(Type.String()),
})

const app = {
  id: Id,
  name: Type.String(),
  remark: Type.String(),
  creator: Type.Enum(['USER', 'MARKET']),
  /** 1: valid. */
  status: Type.Integer(),
  app_key: Type.String(),
  /** In full: Terraform keeps it in its state. */
  app_secret: Type.String(),
  app_type: Type.String(),
  register_time: Time,
  update_time: Time,
  related_domain_id: Type.Optional(Type.String()),
  related_project_id: Type.Optional(Type.String()),
}

const App = closed(app)

export const apps = [
  op({
    id: 'createAnAppV2',
    method: 'POST',
    path: `${instancePath}/apps`,
    family,
    tier: 1,
    summary: 'Create an app; key and secret are generated unless given',
    status: 201,
    params: inInstance(),
    body: AppBody,
    response: App,
    errors: ['APIG.3103', 'APIG.3203', 'APIG.3310'],
  }),
  op({
    id: 'listAppsV2',
    method: 'GET',
    path: `${instancePath}/apps`,
    family,
    tier: 1,
    summary: 'List apps',
    status: 200,
    params: inInstance(),
    query: listQuery(
      'id',
      'name',
      'status',
      'app_key',
      'creator',
      'precise_search',
      'related_domain_id',
      'related_project_id',
    ),
    /** bind_num: to how many APIs it is authorised. */
    response: listOf('apps', closed({ ...app, bind_num: Type.Integer({ minimum: 0 }) })),
  }),
  op({
    id: 'showDetailsOfAppV2',
    method: 'GET',
    path: `${instancePath}/apps/{app_id}`,
    family,
    tier: 1,
    summary: 'Show an app',
    status: 200,
    params: inInstance('app_id'),
    response: App,
    errors: ['APIG.3004'],
  }),
  op({
    id: 'updateAppV2',
    method: 'PUT',
    path: `${instancePath}/apps/{app_id}`,
    family,
    tier: 1,
    summary: 'Replace the name and the remark of an app, and its key and secret if given',
    status: 200,
    params: inInstance('app_id'),
    body: AppBody,
    response: App,
    errors: ['APIG.3004', 'APIG.3203', 'APIG.3310'],
  }),
  op({
    id: 'deleteAppV2',
    method: 'DELETE',
    path: `${instancePath}/apps/{app_id}`,
    family,
    tier: 1,
    summary: 'Delete an app with its codes and authorisations',
    status: 204,
    params: inInstance('app_id'),
    errors: ['APIG.3004'],
  }),
  op({
    id: 'resettingAppSecretV2',
    method: 'PUT',
    path: `${instancePath}/apps/secret/{app_id}`,
    family,
    tier: 1,
    summary: 'Give an app another secret, generated unless given',
    status: 200,
    params: inInstance('app_id'),
    body: Type.Object({ app_secret: Type.Optional(AppSecret) }),
    response: App,
    errors: ['APIG.3004'],
  }),
  op({
    id: 'checkAppV2',
    method: 'GET',
    path: `${instancePath}/apps/validation/{app_id}`,
    family,
    tier: 1,
    summary: 'Check that an app exists',
    status: 200,
    params: inInstance('app_id'),
    response: closed({ id: Id, name: Type.String(), remark: Type.String() }),
    errors: ['APIG.3004'],
  }),
] as const

const AppCode = closed({ id: Id, app_id: Id, app_code: Type.String(), create_time: Time })

export const appCodes = [
  op({
    id: 'createAppCodeV2',
    method: 'POST',
    path: `${instancePath}/apps/{app_id}/app-codes`,
    family: 'app codes',
    tier: 1,
    summary: 'Give an app an AppCode of your own',
    status: 201,
    params: inInstance('app_id'),
    body: Type.Object({
      app_code: Type.String({ pattern: '^[A-Za-z0-9+/][-A-Za-z0-9+_!@#$%/=]*$', minLength: 64, maxLength: 180 }),
    }),
    response: AppCode,
    errors: ['APIG.3004', 'APIG.3131'],
  }),
  op({
    id: 'createAppCodeAutoV2',
    method: 'PUT',
    path: `${instancePath}/apps/{app_id}/app-codes`,
    family: 'app codes',
    tier: 1,
    summary: 'Give an app a generated AppCode',
    status: 201,
    params: inInstance('app_id'),
    response: AppCode,
    errors: ['APIG.3004', 'APIG.3131'],
  }),
  op({
    id: 'listAppCodesV2',
    method: 'GET',
    path: `${instancePath}/apps/{app_id}/app-codes`,
    family: 'app codes',
    tier: 1,
    summary: 'List the AppCodes of an app',
    status: 200,
    params: inInstance('app_id'),
    query: listQuery(),
    response: listOf('app_codes', AppCode),
    errors: ['APIG.3004'],
  }),
  op({
    id: 'showDetailsOfAppCodeV2',
    method: 'GET',
    path: `${instancePath}/apps/{app_id}/app-codes/{app_code_id}`,
    family: 'app codes',
    tier: 1,
    summary: 'Show an AppCode',
    status: 200,
    params: inInstance('app_id', 'app_code_id'),
    response: AppCode,
    errors: ['APIG.3004', 'APIG.3082'],
  }),
  op({
    id: 'deleteAppCodeV2',
    method: 'DELETE',
    path: `${instancePath}/apps/{app_id}/app-codes/{app_code_id}`,
    family: 'app codes',
    tier: 1,
    summary: 'Delete an AppCode',
    status: 204,
    params: inInstance('app_id', 'app_code_id'),
    errors: ['APIG.3004', 'APIG.3082'],
  }),
] as const
