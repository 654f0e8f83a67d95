import { overwriteGetLocale } from '../../../shared/messages/compiled/runtime'

export type Language = 'en' | 'zh-Hans'

/** The language of every text. Messages read it through `getLocale`, so that a change shows everywhere at once. */
export class LanguageState {
  current = $state<Language>('en')

  constructor() {
    overwriteGetLocale(() => this.current)
  }
}
