import { Option, type Command } from 'commander'
import { freeMemory } from '../base/free-memory.ts'
import { SettingsError, readSettings, settingTable, variableOf, type Setting, type Settings } from '../settings.ts'

/** How long requests may go on after Ctrl-C. */
const drainMs = 10_000

/** `pailou start`: the gateway, its admin API, and a demo at the first start. Exit code 1 when it cannot start. */
export function addStart(program: Command): void {
  const command = program.command('start', { isDefault: true }).description('start the gateway and its admin API')
  for (const [key, setting] of Object.entries<Setting>(settingTable)) {
    const option = new Option(`--${setting.name} ${setting.value}`, describe(key as keyof Settings, setting))
    // Whoever tries the flag of a secret is told where it belongs.
    command.addOption(option.hideHelp(setting.secret))
  }
  command.addOption(
    new Option('--config <file>', 'a JSON file with these settings, named as httpPort, dataDir …').env('PAILOU_CONFIG'),
  )
  command.action(async ({ config, ...flags }: Record<string, string | undefined>) => {
    try {
      await run(flags, config)
    } catch (error) {
      const { StartError } = await import('../main/start.ts')
      if (!(error instanceof StartError || error instanceof SettingsError)) throw error
      console.error(`pailou: ${error.message}`)
      process.exitCode = 1
    }
  })
}

function describe(key: keyof Settings, { help, fallback }: Setting): string {
  return `${help} (${variableOf(key)}${fallback === undefined ? '' : `, default ${fallback}`})`
}

async function run(flags: Record<string, string | undefined>, config: string | undefined): Promise<void> {
  const settings = readSettings(process.env, flags, config)
  const { start } = await import('../main/start.ts')
  const { banner } = await import('../main/banner.ts')
  const running = await start(settings)
  // Whoever read our output may leave; the gateway stays.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})

  let stopping = false
  const stop = () => {
    // Who presses twice does not want to wait.
    if (stopping) process.exit(130)
    stopping = true
    console.log('Stopping: running requests may finish.')
    running.stop(drainMs).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', () => running.reopenLog())

  const { ready, reason } = running.readiness()
  if (reason !== undefined) {
    const what = ready ? 'Listening' : 'Listening, but without a configuration'
    console.log(`${what}: ${reason}. It is asked for again every second.`)
  }
  const configured = await running.configured.catch(async (error: unknown) => {
    // Without its first configuration it would serve nobody.
    if (!stopping) await running.stop(0)
    throw error
  })
  if (!stopping) console.log(banner(running, configured))
  setTimeout(freeMemory, 1000).unref()
}
