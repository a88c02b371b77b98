import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import selfsigned from 'selfsigned'
import { createDirectory, writePrivate } from '../control/private-file.ts'

/** The data directory cannot be used. The message is one line for the person at the keyboard. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

/** Makes the directory when it is missing, for its owner alone. @throws DataDirectoryError */
export function prepareDataDirectory(directory: string): void {
  try {
    createDirectory(directory)
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new DataDirectoryError(
      `The data directory ${directory} cannot be written (${code}). Choose another with PAILOU_DATA_DIR or --data-dir.`,
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
 * Made at the first start; put your own two files in its place to use them.
 */
export async function defaultCertificate(directory: string, domainSuffix: string): Promise<Certificate> {
  const file = join(directory, 'tls', 'gateway.crt')
  const keyFile = join(directory, 'tls', 'gateway.key')
  try {
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new DataDirectoryError(`The certificate ${file} cannot be read: ${(error as Error).message}`)
    }
  }
  const notAfterDate = new Date()
  notAfterDate.setFullYear(notAfterDate.getFullYear() + 10)
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: `*.${domainSuffix}` }], {
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
  createDirectory(join(directory, 'tls'))
  writePrivate(keyFile, key)
  writePrivate(file, cert)
  return { key, cert, file }
}
