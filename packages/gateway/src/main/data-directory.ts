import { createPrivateKey, X509Certificate } from 'node:crypto'
import { accessSync, constants, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import selfsigned from 'selfsigned'
import { createDirectory, writePrivate } from '../control/private-file.ts'

/** The data directory cannot be used. The message is one line for the person at the keyboard. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

class NotADirectory extends Error {}

/** Makes the directory when it is missing, for its owner alone. @throws DataDirectoryError */
export function prepareDataDirectory(directory: string): void {
  try {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false) throw new NotADirectory()
    createDirectory(directory)
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    const why = error instanceof NotADirectory ? 'is a file' : `cannot be written (${code})`
    throw new DataDirectoryError(
      `The data directory ${directory} ${why}. Choose another with PAILOU_DATA_DIR or --data-dir.`,
    )
  }
}

export interface Certificate {
  /** PEM. */
  readonly key: string
  readonly cert: string
  /** Where the certificate stands, for clients that want to trust it. */
  readonly file: string
}

/**
 * The certificate for hosts that have none of their own: signed by itself, for the debugging domains and this machine.
 * Made at the first start, and again when the domain suffix has changed; put your own two files in its place to use them.
 * @throws DataDirectoryError
 */
export async function defaultCertificate(directory: string, domainSuffix: string): Promise<Certificate> {
  const file = join(directory, 'tls', 'gateway.crt')
  const keyFile = join(directory, 'tls', 'gateway.key')
  const [cert, key] = [readText(file), readText(keyFile)]
  if (cert !== undefined) {
    if (key === undefined) {
      throw new DataDirectoryError(`${keyFile} is missing, and ${file} needs it: bring it back, or remove both.`)
    }
    const found = certificateIn(file, cert, key)
    const ours = found.subject.split('\n').includes(`O=${madeBy}`)
    if (!ours || found.checkHost(`any.${domainSuffix}`) !== undefined) return { key, cert, file }
  }
  const made = await selfSigned(domainSuffix)
  createDirectory(join(directory, 'tls'))
  // The key first: a certificate alone looks like somebody's own.
  rmSync(file, { force: true })
  writePrivate(keyFile, made.key)
  writePrivate(file, made.cert)
  return { ...made, file }
}

/** By this organisation a certificate of our own is known, which may be replaced. */
const madeBy = 'Pailou'

function certificateIn(file: string, cert: string, key: string): X509Certificate {
  try {
    const certificate = new X509Certificate(cert)
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error('gateway.key belongs to another one')
    return certificate
  } catch (error) {
    throw new DataDirectoryError(`The certificate ${file} cannot be used: ${(error as Error).message}.`)
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new DataDirectoryError(`The file ${file} cannot be read (${code}).`)
  }
}

async function selfSigned(domainSuffix: string): Promise<{ key: string; cert: string }> {
  const notAfterDate = new Date()
  notAfterDate.setFullYear(notAfterDate.getFullYear() + 10)
  const names = [
    { name: 'commonName', value: `*.${domainSuffix}`.slice(-64) },
    { name: 'organizationName', value: madeBy },
  ]
  const { private: key, cert } = await selfsigned.generate(names, {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: `*.${domainSuffix}` },
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { key, cert }
}
