/** Undo and redo of a value, as plain data: every step is a new timeline, so that it can be observed as a whole. */
export interface Timeline<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** What the last step changed and when; the next one may become part of it. */
  readonly last: { field: string; at: number } | null
}

/** Changes of one field that follow each other this quickly are one step: a slider being dragged. */
export const mergeMilliseconds = 800
const longest = 200

export function begin<T>(present: T): Timeline<T> {
  return { past: [], present, future: [], last: null }
}

/** The timeline with `next` as its present. `at` is the time in milliseconds. What was undone is forgotten. */
export function record<T>(timeline: Timeline<T>, next: T, field: string, at: number): Timeline<T> {
  const { last, past, present } = timeline
  const merges = last?.field === field && at - last.at < mergeMilliseconds && past.length > 0
  return {
    past: merges ? past : [...past.slice(1 - longest), present],
    present: next,
    future: [],
    last: { field, at },
  }
}

/** One step back, or the same timeline at its beginning. */
export function undo<T>(timeline: Timeline<T>): Timeline<T> {
  const before = timeline.past.at(-1)
  if (before === undefined) return timeline
  return {
    past: timeline.past.slice(0, -1),
    present: before,
    future: [timeline.present, ...timeline.future],
    last: null,
  }
}

/** One step forward again, or the same timeline at its end. */
export function redo<T>(timeline: Timeline<T>): Timeline<T> {
  const [after, ...future] = timeline.future
  if (after === undefined) return timeline
  return { past: [...timeline.past, timeline.present], present: after, future, last: null }
}
