type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** A copy without the fields that are undefined, so that what nobody said is absent from what is stored and answered. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>
}
