/** What the system shows of training: progress on the taskbar's icon, and a notification at its end. */
import { Notification, type BrowserWindow } from 'electron'
import { errorText } from '../../shared/messages'
import { m } from '../../shared/messages/compiled/messages'
import type { LibraryItem } from '../../shared/training'
import type { Language } from './language'

/** Notifications that may still be clicked; those that nothing refers to are collected, and deaf. */
const shown = new Set<Notification>()

/** Tells that a run has ended, and calls `clicked` when somebody wants to see it. */
export function announceEnd(item: LibraryItem, locale: Language, clicked: () => void): void {
  if (!Notification.isSupported()) return
  const { name, progress } = item
  const error = progress?.state === 'failed' ? progress.error : null
  const reason = error ? errorText(error, locale) : null
  const notification = new Notification(
    reason === null
      ? {
          title: m.notify_finished({}, { locale }),
          body: m.notify_finished_body({ name }, { locale }),
        }
      : {
          title: m.notify_failed({}, { locale }),
          body: m.notify_failed_body({ name, reason }, { locale }),
        },
  )
  shown.add(notification)
  notification.on('click', () => {
    shown.delete(notification)
    clicked()
  })
  notification.on('close', () => shown.delete(notification))
  notification.show()
}

/** Shows how far training is on the taskbar, in whole percents; null takes it away. */
export class TaskbarProgress {
  #percent = -1

  show(window: BrowserWindow | null, share: number | null): void {
    const percent = share === null ? -1 : Math.round(share * 100)
    if (percent === this.#percent || !window || window.isDestroyed()) return
    this.#percent = percent
    window.setProgressBar(percent < 0 ? -1 : percent / 100)
  }
}
