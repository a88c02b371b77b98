import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import { openAdmin } from '../control/admin/server.ts'
import { demo, demoEchoPort, moveDemoEcho, standingDemo, type Demo } from '../control/demo.ts'
import { openDesk, type OpenDesk, type Readiness } from '../control/desk.ts'
import { openEcho } from '../control/echo.ts'
import { CredentialsError, credentialsFile, firstStart, type FirstStart } from '../control/first-start.ts'
import { KeyringError } from '../control/keyring.ts'
import { NewerData, StoreDamaged, StoreUnavailable } from '../control/store/config-store.ts'
import { flagOf, variableOf, type Settings } from '../settings.ts'
import { CannotListen, Fleet } from '../traffic/fleet.ts'
import { DataDirectoryError, defaultCertificate, prepareDataDirectory } from './data-directory.ts'
import { LogError, openLog, type Log } from './log.ts'
import { storageOf } from './store.ts'
import { version } from './version.ts'

/** A reason not to start, in one line for the person at the keyboard. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** A gateway that runs. */
export interface Running {
  readonly settings: Settings
  readonly httpPort: number
  readonly httpsPort: number
  readonly adminPort: number
  /** The certificate of the HTTPS port, to be trusted by clients. */
  readonly certificateFile: string
  readonly credentialsFile: string
  readonly logFile: string
  /** What the store holds, once it has been read; waits for as long as it cannot be. Rejects with a StartError. */
  readonly configured: Promise<{ readonly first: FirstStart; readonly demo: Demo | undefined }>
  /** Whether the newest configuration is served, and if not, or if there may be a newer one, why. */
  readiness(): Readiness
  reopenLog(): void
  /** Takes no more connections, lets what is under way finish for so long, and closes everything. */
  stop(withinMs: number): Promise<void>
}

/** Joins the two halves. Traffic listens first: until there is a configuration it says so itself. @throws StartError */
export async function start(settings: Settings): Promise<Running> {
  try {
    return await joinHalves(settings)
  } catch (error) {
    throw explained(error, settings) ?? error
  }
}

async function joinHalves(settings: Settings): Promise<Running> {
  const { dataDir, host, domainSuffix } = settings
  prepareDataDirectory(dataDir)
  const logFile = settings.log ?? join(dataDir, 'pailou.log')
  const log = openLog(logFile)
  const { logger } = log
  const { keyring, ...storage } = storageOf(settings, log)
  const certificate = await defaultCertificate(dataDir, domainSuffix)
  const traffic = await Fleet.start({
    host,
    httpPort: settings.httpPort,
    httpsPort: settings.httpsPort,
    threads: settings.workers,
    tls: certificate,
    refused: log.refused,
    log: (event, details) => logger.warn(details, event),
  })
  let desk: OpenDesk | undefined
  try {
    desk = await openDesk({
      ...storage,
      traffic,
      clock: systemClock,
      domainSuffix,
      log: logger,
    })
    // Who asks for readiness wants to log in next: before the first start is through nobody can.
    let begun = false
    const opened = desk
    const readiness = () => {
      const state = opened.ready()
      // Ready with a reason is who serves what was served before this start: there nothing has to begin.
      return begun || state.reason !== undefined ? state : { ready: false, reason: 'the first start is under way' }
    }
    const admin = await openAdmin({
      desk: { catalog: () => opened.catalog(), write: decide => opened.write(decide), ready: readiness },
      traffic,
      clock: systemClock,
      settings: {
        host,
        port: settings.adminPort,
        domainSuffix,
        gateway: { host, httpPort: traffic.httpPort, httpsPort: traffic.httpsPort },
      },
      tokenKey: keyring.derive('tokens'),
      version,
      log: logger,
    })
    const closeLater: (() => Promise<void>)[] = []
    const configured = configure(settings, opened, closeLater).catch((error: unknown) => {
      throw explained(error, settings) ?? error
    })
    configured.then(
      () => (begun = true),
      error => logger.error({ err: error }, 'the first configuration failed'),
    )
    return {
      settings,
      httpPort: traffic.httpPort,
      httpsPort: traffic.httpsPort,
      adminPort: admin.port,
      certificateFile: certificate.file,
      credentialsFile: join(dataDir, credentialsFile),
      logFile,
      configured,
      readiness: () => opened.ready(),
      reopenLog: () => log.reopen(),
      stop: withinMs => stop(log, withinMs, traffic, [() => admin.close(), () => opened.close(), ...closeLater]),
    }
  } catch (error) {
    await Promise.allSettled([traffic.drain(0), desk?.close()])
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' || (error as NodeJS.ErrnoException).code === 'EACCES') {
      throw new CannotListen(settings.adminPort, (error as NodeJS.ErrnoException).code!, (error as Error).message)
    }
    throw error
  }
}

/** Fills an empty store, and keeps the demo's backend running for as long as the demo is there. */
async function configure(settings: Settings, desk: OpenDesk, closeLater: (() => Promise<void>)[]) {
  await desk.loaded
  const clock = systemClock
  const { adminAk: accessKey, adminSk: secretKey, adminPassword: password, dataDir } = settings
  const first = await firstStart({ desk, directory: dataDir, given: { accessKey, secretKey, password }, clock })
  const standing = demoEchoPort(desk.catalog())
  if (!settings.demo || (!first.fresh && standing === undefined)) return { first, demo: undefined }
  const echo = await openEcho({ port: standing ?? 0 })
  if (settings.databaseUrl !== undefined && standing !== undefined && echo.port !== standing) {
    // The echo of another gateway on this machine, which shares the database: it answers for both.
    await echo.close()
    return { first, demo: standingDemo(desk.catalog()) }
  }
  closeLater.push(() => echo.close())
  if (first.fresh) return { first, demo: await demo(desk, { echoPort: echo.port, clock }) }
  await moveDemoEcho(desk, { echoPort: echo.port, clock })
  return { first, demo: standingDemo(desk.catalog()) }
}

async function stop(
  log: Log,
  withinMs: number,
  traffic: Fleet,
  others: readonly (() => Promise<void>)[],
): Promise<void> {
  log.logger.info({ withinMs }, 'stopping')
  await traffic.drain(withinMs)
  const ends = await Promise.allSettled(others.map(close => close()))
  for (const end of ends) if (end.status === 'rejected') log.logger.error({ err: end.reason }, 'closing failed')
  log.logger.info('stopped')
}

function explained(error: unknown, settings: Settings): StartError | undefined {
  if (error instanceof CannotListen) return new StartError(whyNotListening(error, settings))
  const kinds = [
    DataDirectoryError,
    LogError,
    NewerData,
    StoreDamaged,
    StoreUnavailable,
    KeyringError,
    CredentialsError,
  ]
  for (const kind of kinds) {
    if (error instanceof kind) return new StartError(error.message)
  }
  if (error instanceof Error && 'syscall' in error && existsSync(settings.dataDir)) {
    return new StartError(`The data directory ${settings.dataDir} cannot be used: ${error.message}.`)
  }
  return undefined
}

function whyNotListening({ port, code }: CannotListen, settings: Settings): string {
  const { host } = settings
  // Then every port there would fail.
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(code)) {
    return `The address ${host} is not one of this machine's (${code}). Choose another with PAILOU_HOST or --host.`
  }
  const key = (['httpPort', 'httpsPort', 'adminPort'] as const).find(key => settings[key] === port)
  const why = { EADDRINUSE: 'is in use', EACCES: 'may not be used by this user' }[code]
  const instead = key === undefined ? '' : ` Choose another with ${variableOf(key)} or ${flagOf(key)}.`
  return `Port ${port} on ${host} ${why ?? `cannot be listened on (${code})`}.${instead}`
}
