import type { Backend } from '../backend.ts'
import { refuse } from '../exchange.ts'

/** A backend that cannot be called as it is configured now. */
export const unavailable: Backend<'unavailable'> = ({ row, evidence }) => {
  // Each row by its name, so that whoever looks for one finds who says it.
  const refusal = row === '0611' ? refuse('0611', evidence) : refuse('0105', evidence)
  return () => refusal
}
