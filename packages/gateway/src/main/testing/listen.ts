import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'

/** A backend on 127.0.0.1, at a port that the system chooses. For tests. */
export async function openBackend(listener: RequestListener): Promise<{ port: number; close(): void }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { port: (server.address() as AddressInfo).port, close }
}

/** A port that is taken for as long as the server stands. */
export async function occupied(): Promise<{ port: number; server: Server }> {
  const server = createTcpServer(socket => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}

/** Ports that nobody listens on now. They were held together, so they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, occupied))
  await Promise.all(held.map(({ server }) => new Promise(closed => server.close(closed))))
  return held.map(({ port }) => port)
}
