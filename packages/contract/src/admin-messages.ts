import type { AdminErrorCode } from './admin-errors.ts'

/** An error as it goes out: a code of the table, and a text longer than the table's own. */
export interface AdminRefusal {
  readonly code: AdminErrorCode
  readonly message: string
}

const refuse = (code: AdminErrorCode, message: string): AdminRefusal => ({ code, message })
const named = (text: string, field: string): string =>
  `${text},parameterName:${field}. Please refer to the support documentation`

/** What can be missing, under the name that the texts use, and the code that says so. */
const absent = {
  'API group': 'APIG.3001',
  API: 'APIG.3002',
  Environment: 'APIG.3003',
  App: 'APIG.3004',
  'Request throttling policy': 'APIG.3005',
  'Access control policy': 'APIG.3006',
  'Excluded request throttling configuration': 'APIG.3013',
  'Signature key': 'APIG.3017',
  Plugin: 'APIG.3068',
  'App quota': 'APIG.3093',
} as const satisfies Record<string, AdminErrorCode>

/** The long forms of texts that clients match: with the field or the id of what is wrong. */
export const adminMessages = {
  /** A field of the body that has the wrong form (2011). Of the path or the query it is {@link invalidInUrl}. */
  invalid: (field: string) => refuse('APIG.2011', named('Invalid parameter value', field)),
  invalidInUrl: (field: string) => refuse('APIG.2012', named('Invalid parameter value', field)),
  missing: (field: string) => refuse('APIG.2001', named('The request parameters must be specified', field)),
  tooSmall: (field: string) => refuse('APIG.2002', named('The parameter value is too small', field)),
  tooLarge: (field: string) => refuse('APIG.2003', named('The parameter value is too large', field)),
  outOfRange: (field: string) =>
    refuse('APIG.2004', named('The parameter value is outside the allowable range', field)),

  notExist: (what: keyof typeof absent, id: string) => refuse(absent[what], `${what} ${id} does not exist`),
  instanceNotExist: (id: string) => refuse('APIG.3030', `The instance does not exist;id:${id}`),
  authorizerNotFound: (id: string) => refuse('APIG.3081', `authorizer with id: ${id} not found`),
  certificateNotFound: (id: string) => refuse('APIG.3025', `ssl with certId ${id} not found`),
  orchestrationNotExist: () => refuse('APIG.3095', 'The orchestrations does not exist'),
  vpcChannelNotExist: (id: string) => refuse('APIG.3023', `The VPC channel does not exist,id:${id}`),
  memberNotExist: (id: string) => refuse('APIG.3024', `The VPC instance does not exist,id:${id}`),
  versionNotExist: (id: string) => refuse('APIG.3022', `The API version does not exist,id:${id}`),
  variableNotExist: (id: string) => refuse('APIG.3011', `The environment variable does not exist, id: ${id}`),

  apiNameExists: (name: string) => refuse('APIG.3202', `The API name already exists, api_name:${name}`),
  /** Another API of the group has the same method, path and match mode; `name` is that other one's. */
  apiExists: (name: string) => refuse('APIG.3301', `The API already exists, api_name:${name}`),

  /** A request id that traffic never gave out, or has forgotten since. */
  refusalNotRemembered: (id: string) => refuse('APIG.3007', `The refusal of request ${id} is not remembered`),
  errorCodeNotExist: (code: string) => refuse('APIG.3007', `The error code ${code} does not exist`),

  /** What the gateway does not do (yet), named by the field that asked for it. */
  featureNotSupported: (field: string) =>
    refuse('APIG.3458', `The feature is not supported by current instance,parameterName:${field}`),
  /** An operation that only a cloud can perform. */
  notSelfHosted: (operation: string) => refuse('APIG.2000', `${operation} is not supported by a self-hosted gateway`),
} as const
