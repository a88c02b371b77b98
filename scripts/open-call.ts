import { stripVTControlCharacters } from 'node:util'

export interface Call {
  readonly url: URL
  /** The Host header to send. */
  readonly host: string
}

/** The call of the open demo API, as `npm start` prints it: a URL that ends in /hello, perhaps with a Host header for curl. */
export function openCall(printed: string): Call | undefined {
  for (const line of stripVTControlCharacters(printed).split('\n')) {
    const text = /https?:\/\/[^\s'"]+\/hello(?![\w/])/.exec(line)?.[0]
    if (text === undefined) continue
    const url = new URL(text)
    return { url, host: /-H ['"]?Host: ?([^'"\s]+)/i.exec(line)?.[1] ?? url.host }
  }
  return undefined
}
