import type { Server } from 'node:net'
import { generate } from 'selfsigned'
import type { RefusalRecord } from '../../seam/observations.ts'
import type { Snapshot } from '../../seam/snapshot.ts'
import type { ConnectionLimits } from '../http1/connection-host.ts'
import { listenPlain, listenTls, portOf, type TlsMaterial } from '../listeners.ts'
import { Traffic } from '../traffic.ts'
import { until } from './raw-client.ts'
import { TurnedClock } from './turned-clock.ts'

let material: Promise<TlsMaterial> | undefined

/** A certificate that nobody signed but itself; made once. */
export function selfSigned(): Promise<TlsMaterial> {
  material ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' }).then(
    ({ private: key, cert }) => ({
      key,
      cert,
    }),
  )
  return material
}

export interface StandOptions {
  readonly snapshot?: Snapshot
  readonly limits?: Partial<ConnectionLimits>
  readonly tls?: boolean
  /** Time stands still until the test turns it. */
  readonly turned?: boolean
}

/** A data plane on the loopback, in this process. */
export class Stand {
  readonly traffic: Traffic
  readonly port: number
  readonly tlsPort: number
  /** Every refusal, as it would go into the log. */
  readonly records: RefusalRecord[]
  readonly servers: Server[]
  private readonly clock: TurnedClock | undefined

  private constructor(traffic: Traffic, servers: Server[], records: RefusalRecord[], clock: TurnedClock | undefined) {
    this.traffic = traffic
    this.servers = servers
    this.records = records
    this.clock = clock
    this.port = portOf(servers[0]!)
    this.tlsPort = servers[1] === undefined ? -1 : portOf(servers[1])
  }

  static async open({ snapshot, limits = {}, tls = false, turned = false }: StandOptions = {}): Promise<Stand> {
    const records: RefusalRecord[] = []
    const clock = turned ? new TurnedClock() : undefined
    const traffic = new Traffic({
      limits,
      refused: record => records.push(record),
      ...(clock === undefined ? {} : { clock }),
    })
    if (snapshot !== undefined) traffic.adopt(snapshot)
    const accept = traffic.accept.bind(traffic)
    const options = { host: '127.0.0.1', port: 0, reusePort: false }
    const servers = [await listenPlain(options, accept)]
    if (tls)
      servers.push(
        await listenTls(options, await selfSigned(), accept, traffic.refusePlaintext.bind(traffic), name =>
          traffic.certificates.doorFor(name),
        ),
      )
    return new Stand(traffic, servers, records, clock)
  }

  /** Turns the clock, and lets expire what is due. In steps, so that what one deadline arms can expire in the next. */
  pass(ms: number): void {
    const step = Math.max(ms / 8, 1)
    for (let passed = 0; passed < ms; passed += step) {
      this.clock!.turn(step)
      this.traffic.wheel.turn()
    }
  }

  async close(): Promise<void> {
    await this.traffic.drain(this.servers, 0)
    await until(() => this.traffic.connectionCount === 0, 'every connection to be closed')
  }
}
