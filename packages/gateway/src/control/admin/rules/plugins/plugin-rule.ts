import { Type, type Static, type TObject, type TSchema } from 'typebox'

import { AdminError, invalid } from '../../admin-error.ts'
import { parseJson } from '../../body.ts'

/** What stands in front of the name of a field of a content, in the texts of refusals. */
export const inContent = 'plugin_content.'

/** What the content of one type of plug-in has to be. */
export interface PluginRule {
  /** `{ plugin_content }`, so that whatever breaks it is named by its whole path. */
  readonly shape: TObject
  /** What no schema can say. Gets a content that has the shape; throws AdminError naming the field. */
  readonly check: (content: unknown) => void
}

/** Objects in a content are open, as those of requests are: the service and its console know more fields than are published. */
export function pluginRule<S extends TSchema>(content: S, check: (content: Static<S>) => void = () => {}): PluginRule {
  return { shape: Type.Object({ plugin_content: content }), check: value => check(value as Static<S>) }
}

/** The value of JSON that stands as text in a field. Throws AdminError 2011 naming the field, never repeating the text. */
export function jsonIn(text: string, field: string): unknown {
  try {
    return parseJson(Buffer.from(text))
  } catch (error) {
    if (error instanceof AdminError) throw invalid(field)
    throw error
  }
}
