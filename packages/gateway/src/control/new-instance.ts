import { hexId } from '../base/ids.ts'
import type { Edit } from './catalog.ts'
import type { Instance } from './documents/documents.ts'

/** What every instance begins with: its group DEFAULT and its environment RELEASE. */
export function newInstance(instance: Instance, releaseId: string): readonly Edit[] {
  const { id: instanceId, createdAt } = instance
  return [
    { put: 'instance', document: instance },
    {
      put: 'api-group',
      document: {
        id: hexId(),
        instanceId,
        name: 'DEFAULT',
        remark: '',
        isDefault: true,
        debuggingDomainEnabled: true,
        createdAt,
        updatedAt: createdAt,
      },
    },
    {
      put: 'environment',
      document: { id: releaseId, instanceId, name: 'RELEASE', remark: '', builtIn: true, createdAt },
    },
  ]
}
