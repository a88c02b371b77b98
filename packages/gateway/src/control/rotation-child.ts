import { join } from 'node:path'
import { rotateMasterKey } from './keyring-rotation.ts'

/** The process that a test kills: says that it begins, and rotates the key of a data directory. */
const [directory = ''] = process.argv.slice(2)
process.stdout.write('begins\n')
rotateMasterKey({ directory, database: join(directory, 'pailou.db') })
process.stdout.write('done\n')
