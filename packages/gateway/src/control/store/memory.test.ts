import { describeStore } from './config-store.contract.ts'
import { emptyShelf, openMemory } from './memory.ts'

describeStore('memory', () => {
  const shelf = emptyShelf()
  return { open: () => openMemory(shelf), clear: () => undefined }
})
