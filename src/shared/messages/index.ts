/**
 * The words of the program, in each of its languages: for the window, the menus and the command line alike.
 * Messages are compiled functions (`./compiled/messages`) that ask here which language is in force.
 */
import type { ErrorCode, ErrorData } from '../errors'
import { m } from './compiled/messages'
import { overwriteGetLocale } from './compiled/runtime'

export type Locale = 'en' | 'zh-Hans'

let current: Locale = 'en'
overwriteGetLocale(() => current)

/** From now on all messages are in this language. The window keeps its own, reactive, state instead. */
export function setLocale(locale: Locale): void {
  current = locale
}

/**
 * The language to use for a list of preferences, best first, as systems give them: `zh-CN`, `zh_CN.UTF-8`, `en-GB`, `C`.
 * Chinese of any kind gives Simplified Chinese; what we do not speak is skipped; English when nothing fits.
 */
export function chooseLocale(preferred: readonly (string | undefined)[]): Locale {
  for (const wanted of preferred) {
    const language = wanted?.split(/[-_.@]/)[0]?.toLowerCase()
    if (language === 'zh') return 'zh-Hans'
    if (language === 'en') return 'en'
  }
  return 'en'
}

interface Options {
  locale?: Locale
}
type Text = (error: ErrorData, options: Options) => string

const file = ({ params }: ErrorData, options: Options): { file: string | number } => ({
  file: params['file'] ?? m.error_the_file({}, options),
})
const value = ({ params }: ErrorData, name: string): string | number => params[name] ?? '?'
const plain = (message: (inputs: object, options: Options) => string): Text => {
  return (_error, options) => message({}, options)
}
const named = (message: (inputs: { file: string | number }, options: Options) => string): Text => {
  return (error, options) => message(file(error, options), options)
}

/** System calls' codes, and faults of idx files, that a person may meet, in words; any other code is shown as it is. */
const reasons: Record<string, (inputs: object, options: Options) => string> = {
  EACCES: m.error_reason_denied,
  EPERM: m.error_reason_denied,
  EROFS: m.error_reason_read_only,
  ENOENT: m.error_reason_missing,
  EISDIR: m.error_reason_folder,
  ENOTDIR: m.error_reason_not_folder,
  ENOTEMPTY: m.error_reason_not_empty,
  EIO: m.error_reason_device,
  EMFILE: m.error_reason_too_many,
  ENFILE: m.error_reason_too_many,
  ENAMETOOLONG: m.error_reason_name_too_long,
  EBUSY: m.error_reason_busy,
  ETXTBSY: m.error_reason_busy,
  'not a regular file': m.error_reason_special,
  'It is not a file': m.error_reason_special,
  'idx-magic': m.error_reason_idx_magic,
  'idx-type': m.error_reason_idx_type,
  'idx-shape': m.error_reason_idx_shape,
  'idx-empty': m.error_reason_idx_empty,
  'idx-short': m.error_reason_idx_short,
  'idx-long': m.error_reason_idx_long,
  'idx-absurd': m.error_reason_idx_absurd,
  'idx-gzip': m.error_reason_idx_gzip,
  'idx-labels': m.error_reason_idx_labels,
  'codes-magic': m.error_reason_codes_magic,
  'codes-short': m.error_reason_codes_short,
  'codes-checksum': m.error_reason_codes_checksum,
  'codes-absurd': m.error_reason_codes_absurd,
  'config-convolutions': m.error_reason_config_convolutions,
  'config-dense': m.error_reason_config_dense,
  'config-image-small': m.error_reason_config_image_small,
  'config-binarised': m.error_reason_config_binarised,
  'config-patch': m.error_reason_config_patch,
  'config-folder': m.error_reason_config_folder,
  'config-start': m.error_reason_config_start,
  'model-untrained': m.error_reason_untrained,
  'model-without-parts': m.error_reason_without_parts,
  'model-without-likelihood': m.error_reason_without_likelihood,
  'model-of-photos': m.error_reason_measured_elsewhere,
  'model-not-denoising': m.error_reason_not_denoising,
  'it is a denoiser of photos': m.error_reason_of_photos,
  'it was exported without what training needs to go on': m.error_reason_exported,
  'single steps can be looked at for autoencoders only': m.error_reason_steps,
}
const reason = (error: ErrorData, options: Options): string => {
  const given = String(error.params['reason'] ?? error.message).replace(/\.$/, '')
  const code = /^(E[A-Z]+):/.exec(given)?.[1] ?? given // Node's own text: 'EACCES: permission denied, open …'
  return reasons[code]?.({}, options) ?? given
}
const withReason = (
  message: (inputs: { file: string | number; reason: string }, options: Options) => string,
): Text => {
  return (error, options) =>
    message({ ...file(error, options), reason: reason(error, options) }, options)
}

const model = ({ params }: ErrorData, options: Options): { model: string | number } => ({
  model: params['model'] ?? m.error_the_model({}, options),
})

const texts: Record<ErrorCode, Text> = {
  'file-not-found': named(m.error_file_not_found),
  'file-unreadable': withReason(m.error_file_unreadable),
  'file-empty': named(m.error_file_empty),
  'file-too-large': (error, options) => {
    const [megabytes, limit] = [value(error, 'megabytes'), value(error, 'limit')]
    return m.error_file_too_large({ ...file(error, options), megabytes, limit }, options)
  },
  'not-an-image': named(m.error_not_an_image),
  'format-unsupported': (error, options) => {
    const format = value(error, 'format')
    return m.error_format_unsupported({ ...file(error, options), format }, options)
  },
  'image-damaged': named(m.error_image_damaged),
  'image-too-large': (error, options) => {
    const [width, height] = [value(error, 'width'), value(error, 'height')]
    const inputs = { ...file(error, options), width, height, sideLimit: value(error, 'sideLimit') }
    // With a format it is the file to be written that cannot be so large.
    const format = error.params['format']
    if (format !== undefined) return m.error_export_too_large({ ...inputs, format }, options)
    const megapixelLimit = value(error, 'megapixelLimit')
    return m.error_image_too_large({ ...inputs, megapixelLimit }, options)
  },
  'page-missing': (error, options) => {
    const [page, pages] = [value(error, 'page'), value(error, 'pages')]
    return m.error_page_missing({ ...file(error, options), page, pages }, options)
  },
  'pages-need-tiff': (error, options) =>
    m.error_pages_need_tiff({ ...file(error, options), pages: value(error, 'pages') }, options),
  'export-too-large': named(m.error_tiff_too_large),
  'image-timeout': named(m.error_image_timeout),
  'folder-without-images': named(m.error_folder_without_images),
  'target-unwritable': withReason(m.error_target_unwritable),
  'target-is-source': named(m.error_target_is_source),
  'target-taken': (error, options) =>
    m.error_target_taken({ ...file(error, options), other: value(error, 'other') }, options),
  'disk-full': named(m.error_disk_full),
  'model-unknown': (error, options) =>
    m.error_model_unknown({ ...model(error, options), models: value(error, 'models') }, options),
  'model-not-ours': named(m.error_model_not_ours),
  'model-damaged': named(m.error_model_damaged),
  'model-newer': named(m.error_model_newer),
  'model-unfit': (error, options) =>
    m.error_model_unfit({ ...model(error, options), ...file(error, options) }, options),
  'model-size-unfit': (error, options) => {
    const [expected, received] = [value(error, 'expected'), value(error, 'received')]
    return m.error_model_size_unfit({ ...model(error, options), expected, received }, options)
  },
  'config-invalid': (error, options) =>
    'file' in error.params
      ? withReason(m.error_config_invalid)(error, options)
      : m.error_config_invalid_here({ reason: reason(error, options) }, options),
  'training-diverged': (error, options) =>
    m.error_training_diverged({ step: value(error, 'step') }, options),
  'data-missing': (error, options) =>
    m.error_data_missing({ data: value(error, 'data'), place: value(error, 'place') }, options),
  'data-damaged': withReason(m.error_data_damaged),
  'data-too-few': (error, options) => {
    const [images, least] = [value(error, 'images'), value(error, 'least')]
    return m.error_data_too_few({ ...file(error, options), images, least }, options)
  },
  'data-uniform': named(m.error_data_uniform),
  'photos-without-noise': named(m.error_photos_without_noise),
  'data-sizes-differ': (error, options) => {
    const [expected, received] = [value(error, 'expected'), value(error, 'received')]
    return m.error_data_sizes_differ({ ...file(error, options), expected, received }, options)
  },
  'batch-too-large': (error, options) =>
    m.error_batch_too_large(
      { batch: value(error, 'batch'), images: value(error, 'images') },
      options,
    ),
  'training-too-large': (error, options) =>
    m.error_training_too_large(
      { megabytes: value(error, 'megabytes'), limit: value(error, 'limit') },
      options,
    ),
  'model-unsuitable': (error, options) =>
    m.error_model_unsuitable({ ...model(error, options), reason: reason(error, options) }, options),
  'model-without-prior': (error, options) =>
    m.error_model_without_prior(model(error, options), options),
  'anchor-unfit': (error, options) =>
    m.error_anchor_unfit(
      {
        ...file(error, options),
        ...model(error, options),
        received: value(error, 'received'),
        expected: value(error, 'expected'),
      },
      options,
    ),
  'anchors-opposite': (error, options) =>
    m.error_anchors_opposite(
      { first: value(error, 'first'), second: value(error, 'second') },
      options,
    ),
  'latents-not-two': (error, options) =>
    m.error_latents_not_two({ ...model(error, options), latent: value(error, 'latent') }, options),
  'points-too-few': (error, options) =>
    m.error_points_too_few(
      { least: value(error, 'least'), images: value(error, 'images') },
      options,
    ),
  'labels-missing': named(m.error_labels_missing),
  'labels-single': (error, options) =>
    m.error_labels_single({ ...file(error, options), label: value(error, 'label') }, options),
  'scores-equal': plain(m.error_scores_equal),
  'picture-without-provenance': named(m.error_picture_without_provenance),
  'report-unknown': plain(m.error_report_unknown),
  'item-unknown': (error, options) => m.error_item_unknown(model(error, options), options),
  'item-busy': (error, options) => m.error_item_busy(model(error, options), options),
  'item-read-only': (error, options) => m.error_item_read_only(model(error, options), options),
  'name-taken': (error, options) => m.error_name_taken({ name: value(error, 'name') }, options),
  'request-unknown': (error, options) =>
    m.error_request_unknown({ name: value(error, 'name') }, options),
  'request-refused': plain(m.error_request_refused),
  'arguments-invalid': plain(m.error_arguments_invalid),
  'photo-unknown': plain(m.error_photo_unknown),
  'result-missing': named(m.error_result_missing),
  'score-invalid': (error, options) =>
    m.error_score_invalid(
      { ...file(error, options), correlation: value(error, 'correlation') },
      options,
    ),
  'job-unknown': plain(m.error_job_unknown),
  cancelled: plain(m.error_cancelled),
  usage: (error, options) =>
    m.error_usage({ reason: String(error.params['reason'] ?? '') }, options),
  'tensorflow-missing': plain(m.error_tensorflow_missing),
  'engine-lost': plain(m.error_engine_lost),
  'engine-failed': plain(m.error_engine_failed),
  'out-of-memory': named(m.error_out_of_memory),
  internal: (error, options) =>
    m.error_internal({ message: error.message.replace(/\.$/, '') }, options),
}

/**
 * What a person reads about an error: what happened, to which file, and what to do; one line.
 * @param locale another language than the one in force
 */
export function errorText(error: ErrorData, locale?: Locale): string {
  const text = texts[error.code](error, locale ? { locale } : {})
  return text.replace(/\s*[\r\n]+\s*/g, ' ')
}
