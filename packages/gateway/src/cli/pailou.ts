import { Command } from 'commander'
import { addCall } from './call.ts'
import { addErrors } from './errors.ts'
import { addIam } from './iam.ts'
import { addKeys } from './keys.ts'
import { addSign } from './sign.ts'
import { addStart } from './start.ts'
import { version } from '../main/version.ts'

/** The command `pailou`. What a command needs is loaded when it is called, so that `--help` answers at once. */
const program = new Command('pailou')
  .description('A self-hosted API gateway that speaks the Huawei Cloud APIG contract')
  .version(version)
  .showHelpAfterError('(pailou --help shows every command)')

addStart(program)
addCall(program)
addSign(program)
addErrors(program)
addIam(program)
addKeys(program)

await program.parseAsync()
