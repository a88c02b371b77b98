import { AdminError } from './admin-error.ts'

/**
 * The parts of a multipart/form-data body as texts, files and plain fields alike; of a name that comes twice the first
 * counts. Throws AdminError APIG.2000 when the body is none, or a part is no UTF-8.
 */
export async function readForm(body: Buffer, contentType: string | undefined): Promise<Record<string, string>> {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? '')) {
    throw new AdminError('APIG.2000', 'The request body has to be multipart/form-data')
  }
  const fields = new Map<string, string>()
  for (const [name, part] of await partsOf(body, contentType!)) {
    if (fields.has(name)) continue
    fields.set(name, typeof part === 'string' ? part : decode(Buffer.from(await part.arrayBuffer()), name))
  }
  // fromEntries defines properties instead of assigning them, so that a field named __proto__ stays a field.
  return Object.fromEntries(fields)
}

async function partsOf(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new AdminError('APIG.2000', 'The request body is not valid multipart/form-data')
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AdminError('APIG.2000', `The part ${name} is not valid UTF-8`)
  }
}
