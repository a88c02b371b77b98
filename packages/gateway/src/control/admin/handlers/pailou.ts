import { adminErrors, errors, rowsOf, errorRows, type ErrorRow, type Language } from '@pailou/contract'

import { masked } from '../../../base/secret.ts'
import type { RefusalRecord } from '../../../seam/observations.ts'
import { compile } from '../../compile/compile.ts'
import { AdminError } from '../admin-error.ts'
import type { Handlers } from '../handler.ts'

/** What the contract has no word for: above all, why. */
export const pailou = {
  listErrors({ query }) {
    return { errors: errorRows.map(row => rowView(row, query.lang ?? 'zh')) }
  },

  showError({ params, query }) {
    const rows = rowsOf(params.code)
    if (rows.length === 0) throw unknown('APIG.3007', `no row of the error table is called ${params.code.slice(0, 64)}`)
    return { errors: rows.map(row => rowView(row, query.lang ?? 'zh')) }
  },

  showRequest({ params, query }, { traffic }) {
    const refusal = traffic.refusal(params.request_id)
    if (!refusal) throw unknown('APIG.3007', 'no refusal with this request id is remembered')
    return refusalView(refusal, query.lang ?? 'zh')
  },

  showSnapshot(_call, { desk, domainSuffix }) {
    return masked(compile(desk.catalog(), { domainSuffix })) as Record<string, unknown>
  },
} satisfies Partial<Handlers>

function unknown(code: 'APIG.3007', why: string): AdminError {
  return new AdminError(code, `${adminErrors[code].message}: ${why}`)
}

function explained(row: ErrorRow, language: Language) {
  const { meaning, solution, nextStep } = errors[row]
  return { meaning: meaning[language], solution: solution[language], next_step: nextStep[language] }
}

function rowView(row: ErrorRow, language: Language) {
  const { code, message, status, responseType, fault } = errors[row]
  return { row, code, message, status, response_type: responseType, fault, ...explained(row, language) }
}

function refusalView(refusal: RefusalRecord, language: Language) {
  const { requestId, apiId, apiName, appId, evidence, ...rest } = refusal
  const row = refusal.row as ErrorRow
  return {
    ...rest,
    request_id: requestId,
    code: errors[row].code,
    evidence: masked(evidence) as Record<string, unknown>,
    ...(apiId !== undefined && { api_id: apiId }),
    ...(apiName !== undefined && { api_name: apiName }),
    ...(appId !== undefined && { app_id: appId }),
    ...explained(row, language),
  }
}
