import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { suite, test } from 'node:test'
import { makeCertificate } from '../../../base/certificates-for-tests.ts'
import { AdminError } from '../admin-error.ts'
import { checkedMaterial, coversDomain } from './certificates.ts'

const names = ['api.example.com']
const root = await makeCertificate(['Root'], { authority: true })
const intermediate = await makeCertificate(['Intermediate'], { authority: true, issuer: root })
const leaf = await makeCertificate(names, { issuer: intermediate })
const ec = await makeCertificate(names)
const rsa = await makeCertificate(names, { keyType: 'rsa' })
const encrypted = await makeCertificate(names, { passphrase: 'secret' })
const expired = await makeCertificate(names, { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') })
const eternal = await makeCertificate(names, { notAfter: new Date('2038-01-19T03:14:08Z') })
const upTo2038 = await makeCertificate(names, { notAfter: new Date('2038-01-19T03:14:07Z') })
const nameless = await makeCertificate(names, { alternatives: false })
const short = await makeCertificate(names, { keyType: 'rsa', keySize: 1024 })

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
const otherKey = (kind: 'ed25519' | 'secp256k1') =>
  (kind === 'ed25519' ? generateKeyPairSync(kind) : generateKeyPairSync('ec', { namedCurve: kind })).privateKey.export(
    pkcs8,
  ) as string

const check = (cert_content: string, private_key: string, more: object = {}) =>
  checkedMaterial({ cert_content, private_key, ...more }, Date.now())

suite('a certificate that is saved', () => {
  const chain = [leaf, intermediate, root].map(({ cert }) => cert)
  const good: [what: string, content: string, key: string, algorithm: string][] = [
    ['an EC certificate', ec.cert, ec.key, 'ECC'],
    ['an RSA certificate', rsa.cert, rsa.key, 'RSA'],
    ['a certificate without those of its issuers', leaf.cert, leaf.key, 'ECC'],
    ['a chain up to its root', chain.join('\n'), leaf.key, 'ECC'],
    [
      'a chain with text between, in lines of Windows',
      `leaf\n${chain.join('\nnext\n')}\n`.replaceAll('\n', '\r\n'),
      leaf.key,
      'ECC',
    ],
    ['one that ends with the last second of 32 bits', upTo2038.cert, upTo2038.key, 'ECC'],
  ]
  for (const [what, content, key, algorithm] of good) {
    test(`may be ${what}`, () => {
      const checked = check(content, key)
      assert.equal(checked.algorithmType, algorithm)
      assert.equal(
        checked.content,
        content
          .match(/-----B[^]*?-----END CERTIFICATE-----/g)!
          .join('\n')
          .replaceAll('\r', ''),
      )
      assert.equal(checked.privateKey, key.trim())
    })
  }

  const bad: [what: string, content: string, key: string, code: string, more?: object][] = [
    ['the key of another', ec.cert, leaf.key, 'APIG.2101'],
    ['the key of another algorithm', ec.cert, rsa.key, 'APIG.2101'],
    ['the keys of its issuers', chain.join('\n'), intermediate.key, 'APIG.2101'],
    ['no time left', expired.cert, expired.key, 'APIG.2102'],
    ['issuers in the wrong order', [chain[0], chain[2], chain[1]].join('\n'), leaf.key, 'APIG.2104'],
    ['a hole in its chain', [chain[0], chain[2]].join('\n'), leaf.key, 'APIG.2104'],
    ['a stranger behind it', [chain[0], ec.cert].join('\n'), leaf.key, 'APIG.2104'],
    ['an encrypted key', encrypted.cert, encrypted.key, 'APIG.2105'],
    ['no certificate', 'nothing', ec.key, 'APIG.2106'],
    ['a key in its place', ec.key, ec.key, 'APIG.2106'],
    ['damage', ec.cert.replace(/[A-Za-z]{8}/, 'AAAAAAAA').replace('MII', 'AAA'), ec.key, 'APIG.2106'],
    ['no key', ec.cert, 'nothing', 'APIG.2106'],
    ['half a key', ec.cert, ec.key.slice(0, 60), 'APIG.2106'],
    ['a key of an algorithm that has no name', ec.cert, otherKey('ed25519'), 'APIG.2106'],
    ['a key on a curve that no client knows', ec.cert, otherKey('secp256k1'), 'APIG.2106'],
    ['a key that is too short', short.cert, short.key, 'APIG.2106'],
    ['no alternative name', nameless.cert, nameless.key, 'APIG.2109'],
    ['too much time left', eternal.cert, eternal.key, 'APIG.3148'],
    ['another algorithm than was said', ec.cert, ec.key, 'APIG.2011', { algorithm_type: 'RSA' }],
    ['an algorithm that the gateway does not speak', ec.cert, ec.key, 'APIG.3458', { algorithm_type: 'SM2' }],
    ['a root for clients that is none', ec.cert, ec.key, 'APIG.2106', { trusted_root_ca: 'nothing' }],
  ]
  for (const [what, content, key, code, more] of bad) {
    test(`is refused with ${code} when it has ${what}, and the error quotes nothing of it`, () => {
      assert.throws(
        () => check(content, key, more),
        (error: unknown) =>
          error instanceof AdminError &&
          error.code === code &&
          error.cause === undefined &&
          !/BEGIN|PEM/.test(error.message),
      )
    })
  }
})

const covered: [names: string[], domain: string, covers: boolean][] = [
  [['api.example.com'], 'api.example.com', true],
  [['API.example.com'], 'api.example.com', true],
  [['other.example.com', 'api.example.com'], 'api.example.com', true],
  [['*.example.com'], 'api.example.com', true],
  [['*.example.com'], '*.example.com', true],
  [['*.example.com'], 'a.api.example.com', false],
  [['*.example.com'], 'example.com', false],
  [['api.example.com'], '*.example.com', false],
  [['example.com'], 'api.example.com', false],
  [['ap*.example.com'], 'api.example.com', false],
]
for (const [names, domain, covers] of covered) {
  test(`a certificate for ${names.join(' and ')} ${covers ? 'fits' : 'does not fit'} the domain ${domain}`, async () => {
    assert.equal(coversDomain((await makeCertificate(names)).cert, domain), covers)
  })
}
