/**
 * The kinds of refusals whose answer an API group can word for itself, with the status that goes with each by default.
 * `undefined`: the status of the refusal itself, because rows of different statuses are of this type, or because the
 * one that is printed elsewhere is not the one with which the gateway refuses.
 */
export const gatewayResponseTypes = {
  AUTH_FAILURE: 401,
  AUTH_HEADER_MISSING: 401,
  AUTHORIZER_FAILURE: undefined,
  AUTHORIZER_CONF_FAILURE: 500,
  AUTHORIZER_IDENTITIES_FAILURE: 401,
  BACKEND_UNAVAILABLE: undefined,
  BACKEND_TIMEOUT: 504,
  THROTTLED: 429,
  UNAUTHORIZED: undefined,
  ACCESS_DENIED: 403,
  NOT_FOUND: 404,
  REQUEST_PARAMETERS_FAILURE: 400,
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  THIRD_AUTH_FAILURE: 401,
  THIRD_AUTH_IDENTITIES_FAILURE: 401,
  THIRD_AUTH_CONF_FAILURE: 500,
  ORCHESTRATION_PARAMETER_NOT_FOUND: 400,
  ORCHESTRATION_FAILURE: 400,
  OIDC_AUTH_TOKEN_VERIFY_FAIL: 401,
  OIDC_AUTH_GET_DISCOVERY_ERROR: 500,
  OIDC_AUTH_CODE_FLOW_FAIL: 401,
  JWT_AUTH_FAILURE: 401,
} as const satisfies Readonly<Record<string, number | undefined>>

export type GatewayResponseType = keyof typeof gatewayResponseTypes
