import { createSubscriber } from 'svelte/reactivity'
import type { Theme } from './palette'

const subscribe = createSubscriber((update) => {
  const observer = new MutationObserver(update)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
})

/** The theme that the page is in; what reads it in an effect or a derived value follows it. */
export function currentTheme(): Theme {
  subscribe()
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark'
}
