import type { StepUpDemand } from '../behavior.ts'
import { checkFingerprint, credentialsOf, sessionByToken } from '../endpoints/authentication.ts'
import { addressRefusal } from '../endpoints/ip-whitelist.ts'
import { invalid, permissionDenied, Refusal } from '../endpoints/refusal.ts'
import type { Route } from '../endpoints/routes.ts'
import type { Call, Result, World } from '../world.ts'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i
const JSON_TYPE = /^application\/json(\s*;\s*charset=utf-8)?$/i

/** The headers that every request needs, signed in or not (docs/contract.md#headers). Throws what the portal refuses them with. */
export function checkHeaders({ account }: World, request: Request, hasBody: boolean): void {
  const { headers } = request
  if (headers.get('X-PORTAL-ACCESS-CODE') !== account.portalAccessCode) throw permissionDenied()
  if (!UUID.test(headers.get('X-Request-Id') ?? '')) throw invalid({ 'X-Request-Id': ['must be a UUID'] })
  const type = headers.get('Content-Type')
  if (type === null ? hasBody : !JSON_TYPE.test(type)) throw invalid({ 'Content-Type': ['must be application/json'] })
  if (new URL(request.url).search !== '') throw invalid({ query: ['must be empty'] })
}

/** Where the caller is: as the proxies in front say, else where the account is configured to be. */
export const callerAddress = ({ account }: World, headers: Headers) =>
  headers.get('CF-Connecting-IP') ?? headers.get('X-Real-IP') ?? account.address

/** Finds the caller's session where the endpoint wants one, then lets the endpoint act. */
export function dispatch(world: World, route: Route, call: Call): Result | Promise<Result> {
  if (route.access === 'public') return route.handle(world, call)
  const authorization = call.header('Authorization')
  if (authorization === null) throw new Refusal(401, 'ACCESS.TOKEN_MISSING')
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1]
  if (token === undefined) throw new Refusal(401, '4010')
  const session = sessionByToken(world, token)
  const credentials = credentialsOf(world, session)
  if (credentials !== null) checkFingerprint(credentials, call.header('X-Client-Hash'))
  if (world.behavior.enforceOnEveryRequest) {
    const refusal = addressRefusal(world, call.address)
    if (refusal !== null) throw refusal
  }
  checkProof(world.behavior.stepUp, route, call)
  if (world.behavior.sessionAddress === 'request') session.clientIp = call.address
  return route.handle(world, { ...call, session })
}

/** Throws what a request is refused with that lacks the proof it needs (docs/contract.md#step-up). */
function checkProof(demand: StepUpDemand | null, { operation }: Route, call: Call): void {
  if (demand === null || !demand.operations.includes(operation)) return
  const token = call.header(demand.header)
  if (token === null) throw new Refusal(403, demand.code ?? 'ACCESS.MFA_REQUIRED')
  if (token !== demand.token) throw new Refusal(403, 'ACCESS.MFA_TOKEN_INVALID')
}
