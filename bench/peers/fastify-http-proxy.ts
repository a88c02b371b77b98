import { randomUUID } from 'node:crypto'
import proxy from '@fastify/http-proxy'
import fastify from 'fastify'

const [port, backend] = process.argv.slice(2)
const app = fastify({ logger: false })
await app.register(proxy, {
  upstream: `http://127.0.0.1:${backend}`,
  undici: { connections: 128, pipelining: 1 },
  replyOptions: {
    rewriteRequestHeaders: (_request, headers) => ({ ...headers, 'x-request-id': randomUUID() }),
  },
})
await app.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 })
