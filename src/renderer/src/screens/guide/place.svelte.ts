/** The page of the Guide that is open. It stays open while other screens are shown. */
import type { PageId } from './pages/types'

class Place {
  page = $state<PageId>('denoise')
}

export const place = new Place()
