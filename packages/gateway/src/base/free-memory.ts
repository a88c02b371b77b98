import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Gives back what starting up has left behind. Loading modules makes several times the garbage that serving does, and
 * without pressure the engine would keep the room for it.
 */
export function freeMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: {
    type: 'major'
    flavor?: 'last-resort'
    execution: 'sync'
  }) => void
  collect({ type: 'major', flavor: 'last-resort', execution: 'sync' })
}
