import type { Component } from 'svelte'

/** One choice of a menu. */
export interface MenuItem {
  label: string
  icon?: Component<{ size?: number; strokeWidth?: number; 'aria-hidden'?: 'true' }>
  disabled?: boolean
  /** A line stands above it. */
  apart?: boolean
  run: () => void
}
