import type { TrafficPort } from '../../seam/observations.ts'
import type { OpenDesk } from '../desk.ts'

/**
 * 200 when every traffic thread serves the newest snapshot, else 503 and why not. A store that is lost leaves it at 200, with
 * the reason: traffic goes on without it, and taking every node out of service would end that.
 */
export function readiness(
  desk: Pick<OpenDesk, 'ready'>,
  traffic: TrafficPort,
): { status: number; body: { status: 'ready' | 'not ready'; reason?: string } } {
  const { ready, reason } = desk.ready()
  if (!ready) {
    return { status: 503, body: { status: 'not ready', reason: reason ?? 'the newest snapshot is on its way' } }
  }
  if (traffic.observe().threads.length === 0) {
    return { status: 503, body: { status: 'not ready', reason: 'no traffic thread is running' } }
  }
  return { status: 200, body: { status: 'ready', ...(reason !== undefined && { reason }) } }
}
