/** Which of the program's languages is spoken. */
import type { Settings } from '../../shared/types'

export type Language = 'en' | 'zh-Hans'

/**
 * The language of the setting, or the first of the system's that this program has. Chinese in any script reads
 * Simplified Chinese rather than English.
 * @param preferred the system's languages as BCP 47 tags, best first.
 */
export function languageOf(choice: Settings['language'], preferred: readonly string[]): Language {
  if (choice !== 'system') return choice
  for (const tag of preferred) {
    const [primary] = tag.toLowerCase().split(/[-_]/)
    if (primary === 'zh') return 'zh-Hans'
    if (primary === 'en') return 'en'
  }
  return 'en'
}
