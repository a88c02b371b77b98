import { destination, pino, stdTimeFunctions, type Logger } from 'pino'
import { masked } from '../base/secret.ts'
import type { RefusalRecord } from '../seam/observations.ts'

export interface Log {
  readonly logger: Logger
  readonly refused: (record: RefusalRecord) => void
  /** Opens the file anew, for whoever has moved it away. */
  reopen(): void
}

/** The log cannot be written. The message is one line for the person at the keyboard. */
export class LogError extends Error {
  override readonly name = 'LogError'
}

/** So much waits for a disk that is full; what comes then is dropped. */
const waitingBytes = 4_194_304

/** JSON lines into a file, or the standard output when it is `-`. @throws LogError */
export function openLog(file: string): Log {
  const sink = open(file)
  // A full disk costs log lines, never requests.
  let told = false
  sink.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (!told && code !== 'EPIPE')
      console.error(`The log ${file} cannot be written now (${code}): lines are being lost.`)
    told = true
  })
  const logger = pino(
    {
      base: { name: 'pailou' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    sink,
  )
  const child = logger.child({ event: 'refused' })
  return {
    logger,
    refused: ({ message, ...record }) => {
      // Evidence holds no secrets; should one slip in, it ends here.
      const line = { ...record, evidence: masked(record.evidence) }
      if (record.fault === 'gateway') child.error(line, message)
      else child.info(line, message)
    },
    reopen: () => {
      if (file !== '-') sink.reopen()
    },
  }
}

function open(file: string): ReturnType<typeof destination> {
  if (file === '-') return destination({ dest: 1, sync: true })
  try {
    return destination({ dest: file, sync: true, mkdir: true, mode: 0o600, maxLength: waitingBytes })
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new LogError(`The log ${file} cannot be written (${code}). Choose another with PAILOU_LOG or --log.`)
  }
}
