export { toByteString, type ByteString } from './bytes.ts'
export {
  parseAuthorization,
  formatAuthorization,
  type Authorization,
  type AuthorizationProblem,
} from './authorization.ts'
export {
  canonicalRequest,
  emptyPayloadHash,
  unsignedPayload,
  type HeaderLookup,
  type Reading,
  type RequestParts,
} from './canonical-request.ts'
export { formatDate, parseDate } from './date.ts'
export { sha256Hex } from './sha256.ts'
export { prepareKey, type SigningKey } from './signing-key.ts'
export {
  sign,
  signWithDetails,
  type Credentials,
  type HeadersToSign,
  type RequestToSign,
  type SigningDetails,
} from './sign.ts'
export {
  verify,
  type ReceivedRequest,
  type Rejection,
  type SecondReading,
  type Verification,
  type Verified,
  type VerifyOptions,
} from './verify.ts'
