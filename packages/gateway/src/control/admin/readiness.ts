import type { TrafficPort } from '../../seam/observations.ts'
import type { OpenDesk } from '../desk.ts'

/** 200 when every traffic thread serves the newest snapshot, else 503 and why not. */
export function readiness(
  desk: Pick<OpenDesk, 'ready'>,
  traffic: TrafficPort,
): { status: number; body: { status: 'ready' | 'not ready'; reason?: string } } {
  const { ready, reason = 'the newest snapshot is on its way' } = desk.ready()
  if (!ready) return { status: 503, body: { status: 'not ready', reason } }
  if (traffic.observe().threads.length === 0) {
    return { status: 503, body: { status: 'not ready', reason: 'no traffic thread is running' } }
  }
  return { status: 200, body: { status: 'ready' } }
}
