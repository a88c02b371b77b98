import { unsupported } from '../../admin-error.ts'
import { field, listOf, textOf, treeOf, wrong, type ApiDocument, type Tree } from './document.ts'

interface Authentication {
  readonly auth_type: 'NONE' | 'APP' | 'IAM'
  readonly auth_opt?: { readonly app_code_auth_type: 'DISABLE' | 'HEADER' }
}

const open: Authentication = { auth_type: 'NONE' }

/**
 * Who may call an operation. A document that protects it in a way that an API cannot is refused, never opened;
 * `signed` says that such an operation is to want an app instead. Throws AdminError.
 */
export function authenticationOf(document: ApiDocument, operation: Tree, signed: boolean): Authentication {
  const given = field(operation, 'security') ?? field(document.root, 'security')
  const ways = listOf(given).map(way => Object.keys(treeOf(way) ?? {}))
  if (ways.length === 0 || ways.some(names => names.length === 0)) return open
  const found = new Map(
    ways.flat().map(name => {
      const authentication = ofScheme(document, name, signed)
      return [JSON.stringify(authentication), authentication] as const
    }),
  )
  if (found.size > 1) throw unsupported('security')
  return [...found.values()][0]!
}

function ofScheme(document: ApiDocument, name: string, signed: boolean): Authentication {
  const schemes =
    document.major === 2
      ? field(document.root, 'securityDefinitions')
      : field(treeOf(field(document.root, 'components')), 'securitySchemes')
  const value = field(treeOf(schemes), name)
  if (value === undefined) throw wrong(`the security scheme ${name} is not defined`)
  const scheme = document.follow(value, `the security scheme ${name}`)
  const type = textOf(field(scheme, 'x-apigateway-auth-type'))?.toLowerCase()
  if (type === 'appsigv1') {
    const option = textOf(field(treeOf(field(scheme, 'x-apigateway-auth-opt')), 'appcode-auth-type'))
    return {
      auth_type: 'APP',
      auth_opt: { app_code_auth_type: option?.toLowerCase() === 'header' ? 'HEADER' : 'DISABLE' },
    }
  }
  if (type === 'iam' || type === 'iam_none') return { auth_type: 'IAM' }
  if (field(scheme, 'x-apigateway-authorizer') !== undefined) throw unsupported('x-apigateway-authorizer')
  if (signed) return { auth_type: 'APP', auth_opt: { app_code_auth_type: 'DISABLE' } }
  throw unsupported(`security.${name}`)
}
