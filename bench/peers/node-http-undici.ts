import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Pool } from 'undici'

// The usual way to write a proxy for Node: node:http towards the client, undici's lowest interface towards the backend.
const [port, backend] = process.argv.slice(2)
const pool = new Pool(`http://127.0.0.1:${backend}`, { connections: 128 })
const hopByHop = /^(?:connection|keep-alive|proxy-[a-z-]+|te|trailer|transfer-encoding|upgrade)$/

/** Name, value, name, value … without what belongs to one connection only. */
function passed(raw: readonly (string | Buffer)[]): string[] {
  const kept: string[] = []
  const named = new Set<string>()
  for (let at = 0; at < raw.length; at += 2) {
    if (String(raw[at]).toLowerCase() !== 'connection') continue
    for (const name of String(raw[at + 1]).split(',')) named.add(name.trim().toLowerCase())
  }
  for (let at = 0; at < raw.length; at += 2) {
    const name = String(raw[at])
    const lower = name.toLowerCase()
    if (!hopByHop.test(lower) && !named.has(lower)) kept.push(name, String(raw[at + 1]))
  }
  return kept
}

const server = createServer((request, response) => {
  const headers = passed(request.rawHeaders)
  headers.push('X-Request-Id', randomUUID())
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  pool.dispatch(
    { path: request.url ?? '/', method: request.method ?? 'GET', headers, body: hasBody ? request : null },
    {
      onRequestStart(controller) {
        response.on('close', () => {
          if (!response.writableEnded) controller.abort(new Error('the client went away'))
        })
      },
      onResponseStart(controller, status) {
        response.writeHead(status, passed(Array.isArray(controller.rawHeaders) ? controller.rawHeaders : []))
      },
      onResponseData(controller, chunk) {
        if (response.write(chunk)) return
        controller.pause()
        response.once('drain', () => controller.resume())
      },
      onResponseEnd() {
        response.end()
      },
      onResponseError() {
        if (response.headersSent) response.destroy()
        else response.writeHead(502).end()
      },
    },
  )
})
server.listen(Number(port), '127.0.0.1', 4096)
