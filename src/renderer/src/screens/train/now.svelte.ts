/** The time, once a second, for ages; it stands still when whoever asked is gone. */
export function clockOf(): { readonly current: number } {
  let current = $state(Date.now())
  $effect(() => {
    const timer = setInterval(() => (current = Date.now()), 1000)
    return () => clearInterval(timer)
  })
  return {
    get current() {
      return current
    },
  }
}
