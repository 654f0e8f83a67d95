/** Names of items, which people give, and of their files, which stay. */
import { randomBytes } from 'node:crypto'

export const ending = '.ldm'
const longestName = 80

/** Whether an item's name is one that a file of the library can have: never a way out of the folder. */
export const isItem = (item: string): boolean =>
  /^[^./\\:*?"<>|\p{Cc}][^/\\:*?"<>|\p{Cc}]{0,199}$/u.test(item)

/** A new item's name: when it was made, and something that no other has. */
export function newItem(now = new Date()): string {
  const [day = '', time = ''] = now.toISOString().split(/[T.]/)
  return `${day.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(4).toString('hex')}`
}

/** How names are compared: what looks the same is the same. */
export const comparable = (name: string): string => name.normalize('NFC').trim().toLowerCase()

/** The name, or the first of `name 2`, `name 3`, … that is free. */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map(comparable))
  const given = cut(name.trim(), longestName) || 'model'
  if (!used.has(comparable(given))) return given
  // The next of a row is its next number; a number that is just a name's end stays.
  const row = given.replace(/ \d+$/, '')
  const base = used.has(comparable(row)) ? row : given
  for (let number = 2; ; number++) {
    const suffix = ` ${number}`
    const candidate = cut(base, longestName - suffix.length) + suffix
    if (!used.has(comparable(candidate))) return candidate
  }
}

/** A file name that a person recognises, of a name that may hold anything. */
export function fileNameOf(name: string): string {
  const plain = name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_').replace(/^[. ]+|[. ]+$/g, '')
  return cut(plain, longestName) || 'model'
}

/** At most so many characters, none of them halved. */
const cut = (text: string, length: number): string =>
  text.length <= length
    ? text
    : [...text].reduce((all, next) => ((all + next).length <= length ? all + next : all), '')
