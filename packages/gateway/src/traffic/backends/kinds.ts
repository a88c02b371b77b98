import type { BackendKind } from '../../seam/plans.ts'
import type { Backend } from '../backend.ts'
import { http } from './http.ts'
import { mock } from './mock.ts'
import { unavailable } from './unavailable.ts'

/** Every kind of backend. */
export const backends: { readonly [K in BackendKind]: Backend<K> } = { http, mock, unavailable }
