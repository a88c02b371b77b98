import { destination, pino, stdTimeFunctions, type Logger } from 'pino'
import { masked } from '../base/secret.ts'
import type { RefusalRecord } from '../seam/observations.ts'

export interface Log {
  readonly logger: Logger
  readonly refused: (record: RefusalRecord) => void
  /** Opens the file anew, for whoever has moved it away. */
  reopen(): void
  flush(): void
}

/** JSON lines into a file, or the standard output when it is `-`. @throws when the file cannot be opened */
export function openLog(file: string): Log {
  const sink =
    file === '-'
      ? destination({ dest: 1, sync: true })
      : destination({ dest: file, sync: true, mkdir: true, mode: 0o600 })
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
    flush: () => sink.flushSync(),
  }
}
