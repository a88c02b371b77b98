import { mockApi, type Gateway } from './open-for-tests.ts'

/** The built-in environment of the first instance. */
export const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID'

export interface PublishedForTests {
  readonly api_id: string
  readonly publish_id: string
}

/** Creates an API and publishes it into RELEASE. */
export async function publishForTests(
  gateway: Gateway,
  group_id: string,
  name: string,
  more: object = {},
): Promise<PublishedForTests> {
  const api_id = (await gateway.ask('createApiV2', { body: mockApi(group_id, name, `/${name}`, more) })).id
  const body = { action: 'online', api_id, env_id: release } as const
  const { publish_id } = await gateway.ask('createOrDeletePublishRecordForApiV2', { body })
  return { api_id, publish_id }
}

export async function takeOfflineForTests(gateway: Gateway, api_id: string): Promise<void> {
  const body = { action: 'offline', api_id, env_id: release } as const
  await gateway.ask('createOrDeletePublishRecordForApiV2', { body })
}
