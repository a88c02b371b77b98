/** A traffic thread: listens, serves, and tells the main thread what it sees. */
import type { Server } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { freeMemory } from '../base/free-memory.ts'
import type { RefusalRecord } from '../seam/observations.ts'
import { LocalCounters } from './counters/local.ts'
import { listenPlain, listenTls, portOf } from './listeners.ts'
import type { Order, Report, ThreadOptions } from './thread-messages.ts'
import { Traffic } from './traffic.ts'

/** Refusals go up in batches; a flood of them is counted, not carried. */
const batchMs = 50
const mostInBatch = 500

const port = parentPort!
const say = (report: Report): void => port.postMessage(report)

let batch: RefusalRecord[] = []
let dropped = 0

const options = workerData as ThreadOptions

const traffic = new Traffic({
  counters: new LocalCounters(options.counters),
  refused: record => {
    if (batch.length < mostInBatch) batch.push(record)
    else dropped++
  },
})

setInterval(() => {
  if (batch.length === 0) return
  say({ report: 'refusals', records: batch, dropped })
  batch = []
  dropped = 0
}, batchMs).unref()

setInterval(() => {
  const { connectionCount: connections, requests, refusals } = traffic
  say({ report: 'counts', connections, requests, refusals, delta: traffic.tally.take() })
}, 1000).unref()

const servers: Server[] = []

port.on('message', (order: Order) => {
  if (order.order === 'adopt') {
    const { revision } = order.snapshot
    try {
      traffic.adopt(order.snapshot)
      say({ report: 'adopted', revision })
    } catch (error) {
      // The last good snapshot goes on serving; dying would only bring the next thread to the same point.
      say({ report: 'cannot adopt', revision, error: String(error) })
    }
  } else {
    void traffic.drain(servers, order.withinMs).then(() => {
      if (batch.length > 0) say({ report: 'refusals', records: batch, dropped })
      say({ report: 'drained' })
      port.close()
    })
  }
})

await listen()
setTimeout(freeMemory, 500).unref()

async function listen(): Promise<void> {
  const { host, httpPort, httpsPort, reusePort, tls } = options
  let trying = httpPort
  try {
    const accept = traffic.accept.bind(traffic)
    const http = httpPort < 0 ? undefined : await listenPlain({ host, port: httpPort, reusePort }, accept)
    if (http !== undefined) servers.push(http)
    trying = httpsPort
    const https =
      httpsPort < 0 || tls === undefined
        ? undefined
        : await listenTls(
            { host, port: httpsPort, reusePort },
            tls,
            accept,
            traffic.refusePlaintext.bind(traffic),
            name => traffic.certificates.doorFor(name),
          )
    if (https !== undefined) servers.push(https)
    say({ report: 'listening', httpPort: http ? portOf(http) : -1, httpsPort: https ? portOf(https) : -1 })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    say({ report: 'cannot listen', port: trying, code, message })
    port.close()
  }
}
